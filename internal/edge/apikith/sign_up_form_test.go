package apikith_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/domain/form"
)

// formPages stands for the pages of forms.
type formPages struct{}

func (formPages) FormPreview(_ context.Context, o *form.Open) (string, error) {
	return "<h1>" + o.Texts.Title + " " + o.Lists[0].Name + "</h1>", nil
}

func (formPages) FormSnippets(_ context.Context, o *form.Open) (plain, script string, err error) {
	return "<form>" + o.Name + "</form>", "<script src=x>", nil
}

func TestSignUpForms(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		gold, silver := s.list(t, "Gold").UID.String(), s.list(t, "Silver").UID.String()
		size, err := s.contacts.CreateField(t.Context(), s.ines.actor, contact.NewField{Label: "Shoe size", Type: contact.TypeNumber}, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.show(t, owner, get, "/kith/v1/forms", "").is(t, 200, "")
		made := s.show(t, owner, post, "/kith/v1/forms", `{"name": "Plain", "lists": [{"list_id": "`+gold+`"}]}`).is(t, 201, "")
		path := "/kith/v1/forms/" + made.text(t, "form_id")
		s.Clock.Move(time.Minute)
		s.show(t, owner, put, path, `{
  "name": "Spring fair", "language": "fr", "captcha": false, "may_update": true, "redirect_url": "https://boats.example/thanks",
  "lists": [{"list_id": "`+gold+`", "ticked": true}, {"list_id": "`+silver+`", "offered": true, "ticked": true}],
  "fields": [
    {"kind": "first_name", "label": "Your name", "required": true}, {"kind": "email_address"},
    {"kind": "custom_field", "custom_field_id": "`+size.UID.String()+`"}, {"kind": "street_address"}
  ],
  "texts": {"title": "Boats on paper", "intro": "One letter a month.", "button": "Count me in", "consent": "Paper Boats may mail me.", "thanks": "Bon vent !"},
  "colors": {"background": "#102030", "text": "#FFFFFF", "accent": "#ffcc00"}
}`).is(t, 200, "")
		s.show(t, owner, get, path, "").is(t, 200, "")
		s.show(t, owner, put, path, `{
  "name": " ", "language": "eo", "redirect_url": "javascript:alert(1)",
  "lists": [{"list_id": "`+uid()+`"}, {}, {"list_id": "`+gold+`"}, {"list_id": "`+gold+`"}],
  "fields": [{"kind": "shoe_size"}, {"kind": "custom_field"}, {"kind": "custom_field", "custom_field_id": "`+uid()+`"}, {"kind": "birthday"}, {"kind": "birthday"}, {}],
  "texts": {"title": "`+strings.Repeat("x", 101)+`", "intro": 7},
  "colors": {"background": "white", "text": "#cccccc", "accent": "#fff"}
}`).is(t, 400, "request.invalid")
		s.show(t, owner, put, path, `{"name": "Pale", "lists": [{"list_id": "`+gold+`"}], "colors": {"background": "#dddddd", "text": "#999999"}}`).is(t, 400, "request.invalid")
		s.show(t, owner, post, "/kith/v1/forms", `{}`).is(t, 400, "request.invalid")
		s.call(t, owner, post, "/kith/v1/forms", `{"name": "Second", "lists": [{"list_id": "`+silver+`"}]}`).is(t, 201, "")
		s.show(t, owner, get, path+"/snippets", "").is(t, 200, "")
		s.show(t, owner, post, "/kith/v1/forms/preview", `{"name": "x", "lists": [{"list_id": "`+gold+`"}], "texts": {"title": "Ahoy"}}`).is(t, 200, "")
		s.show(t, owner, post, "/kith/v1/forms/preview", `{"name": "x", "lists": []}`).is(t, 400, "request.invalid")
		s.show(t, owner, get, "/kith/v1/forms/"+uid()+"/snippets", "").is(t, 404, "resource.not_found")
		first := s.show(t, owner, get, "/kith/v1/forms?limit=1", "").is(t, 200, "")
		s.show(t, owner, get, first.text(t, "_links.next.href"), "").is(t, 200, "")
		s.show(t, owner, del, path, "").is(t, 204, "")
		s.show(t, owner, del, path, "").is(t, 404, "resource.not_found")
		s.show(t, owner, get, path, "").is(t, 404, "resource.not_found")
		s.show(t, owner, put, path, `{"name": "Gone", "lists": []}`).is(t, 404, "resource.not_found")
		s.show(t, owner, get, "/kith/v1/forms?limit=501", "").is(t, 400, "request.invalid")
		err = s.Forms().Within(t.Context(), func(ctx context.Context, tx form.Tx) error {
			for i := range form.MaxForms - 1 {
				if err := tx.InsertForm(ctx, s.home.ID, form.Form{ID: id.Form(1000 + i), UID: tx.UID()}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.show(t, owner, post, "/kith/v1/forms", `{"name": "One more", "lists": [{"list_id": "`+gold+`"}]}`).is(t, 409, "resource.limit")
		s.golden(t, "forms")
	})
}
