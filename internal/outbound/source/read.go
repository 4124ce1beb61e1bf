package source

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"kith/internal/base/date"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/pull"
)

// Fields returns the server's custom fields.
func (s *Server) Fields(ctx context.Context) (all []contact.Field, err error) {
	for path := "/v3/contact_custom_fields?limit=100"; path != ""; {
		var page fieldPage
		if err := s.get(ctx, path, &page); err != nil && !errors.Is(err, errNotThere) {
			return nil, err
		}
		for _, f := range page.Fields {
			all = append(all, f.field())
		}
		path = page.Links.path()
	}
	return all, nil
}

// Lists returns the server's lists.
func (s *Server) Lists(ctx context.Context) (all []list.List, err error) {
	for path := "/v3/contact_lists?limit=500"; path != ""; {
		var page listPage
		if err := s.get(ctx, path, &page); err != nil {
			return nil, err
		}
		for _, l := range page.Lists {
			all = append(all, list.List{
				UID: l.ID, Name: l.Name, Description: l.Description, Favorite: l.Favorite,
				CreatedAt: l.CreatedAt.at, UpdatedAt: l.UpdatedAt.at, Members: -1, Active: -1,
			})
		}
		path = page.Links.path()
	}
	return all, nil
}

// Tags returns the server's tags.
func (s *Server) Tags(ctx context.Context) (all []contact.Tag, err error) {
	for path := "/v3/contact_tags?limit=500"; path != ""; {
		var page tagPage
		if err := s.get(ctx, path, &page); err != nil && !errors.Is(err, errNotThere) {
			return nil, err
		}
		for _, t := range page.Tags {
			all = append(all, contact.Tag{UID: t.ID, Name: t.Name, Source: t.Source, CreatedAt: t.CreatedAt.at, UpdatedAt: t.UpdatedAt.at})
		}
		path = page.Links.path()
	}
	return all, nil
}

// Contacts returns a page of a stage's contacts. A cursor is the path that the
// page before named.
func (s *Server) Contacts(ctx context.Context, stage pull.Stage, cursor string) (p pull.Page, err error) {
	if cursor == "" {
		cursor = "/v3/contacts?" + url.Values{
			"status":        {string(stage)},
			"include":       {"custom_fields,list_memberships,taggings,notes,phone_numbers,street_addresses,sms_channel"},
			"include_count": {"true"},
			"limit":         {strconv.Itoa(perPage)},
		}.Encode()
	}
	var page contactPage
	if err := s.get(ctx, cursor, &page); err != nil {
		return pull.Page{}, err
	}
	p = pull.Page{Next: page.Links.path(), Total: page.Count}
	for _, w := range page.Contacts {
		c, err := w.contact()
		if err != nil {
			p.Refused = append(p.Refused, "contact "+w.ID.String()+": the address "+err.Error())
			continue
		}
		p.Contacts = append(p.Contacts, c)
	}
	return p, nil
}

// contact reads a contact. It fails for an address that is none.
func (w contactWire) contact() (c contact.Contact, err error) {
	c = contact.Contact{
		UID: w.ID, FirstName: w.FirstName, LastName: w.LastName, JobTitle: w.JobTitle, CompanyName: w.CompanyName,
		CreateSource: sourceOf(w.CreateSource), UpdateSource: sourceOf(w.UpdateSource),
		CreatedAt: w.CreatedAt.at, UpdatedAt: w.UpdatedAt.at, DeletedAt: w.DeletedAt.at,
		Lists: refs[id.List](w.Lists), Tags: refs[id.Tag](w.Tags), Included: contact.IncludeAll,
	}
	c.Birthday, _ = date.NewBirthday(w.BirthdayMonth, w.BirthdayDay) // a day that is none is left out
	c.Anniversary, _ = date.ParseDay(w.Anniversary)
	if c.Email, err = w.Email.read(); err != nil {
		return c, err
	}
	c.SMS = w.SMS.read()
	for _, p := range w.Phones {
		c.Phones = append(c.Phones, contact.Phone{
			UID: p.ID, Number: p.Number, Kind: kindOf(p.Kind), CreatedAt: p.CreatedAt.at, UpdatedAt: p.UpdatedAt.at,
			CreateSource: sourceOf(p.CreateSource), UpdateSource: sourceOf(p.UpdateSource),
		})
	}
	for _, a := range w.Addresses {
		c.Addresses = append(c.Addresses, contact.Address{
			UID: a.ID, Kind: kindOf(a.Kind), Street: a.Street, City: a.City, State: a.State, PostalCode: a.PostalCode,
			Country: a.Country, CreatedAt: a.CreatedAt.at, UpdatedAt: a.UpdatedAt.at,
		})
	}
	for _, f := range w.Fields {
		v := contact.FieldValue{Value: f.Value}
		v.Field.UID = f.ID
		for _, text := range f.Choices {
			if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
				v.Choices = append(v.Choices, n)
			}
		}
		c.Fields = append(c.Fields, v)
	}
	for _, n := range w.Notes {
		c.Notes = append(c.Notes, contact.Note{UID: n.ID, CreatedAt: n.CreatedAt.at, Content: n.Content})
	}
	return c, nil
}

// read reads an address with its consent. A contact without one has no
// permission that is known.
func (w *emailWire) read() (e contact.Email, err error) {
	e.Permission = contact.NotSet
	if w == nil || strings.TrimSpace(w.Address) == "" {
		return e, nil
	}
	if e.Address, err = email.Parse(w.Address); err != nil {
		return e, err
	}
	e.CreatedAt, e.UpdatedAt = w.CreatedAt.at, w.UpdatedAt.at
	if p, ok := contact.ParsePermission(w.Permission); ok {
		e.Permission = p
	}
	switch w.Confirm {
	case contact.Confirmed.String():
		e.Confirm = contact.Confirmed
	case contact.ConfirmPending.String():
		e.Confirm = contact.ConfirmPending
	}
	e.OptInSource, e.OptInAt = sourceOf(w.OptInSource), w.OptInDate.at
	e.OptOutSource, e.OptOutAt, e.OptOutReason = sourceOf(w.OptOutSource), w.OptOutDate.at, w.OptOutReason
	return e, nil
}

func sourceOf(word string) contact.Source {
	s, _ := contact.ParseSource(word)
	return s
}

func kindOf(word string) contact.Kind {
	switch k := contact.Kind(word); k {
	case contact.Home, contact.Work, contact.Mobile:
		return k
	}
	return contact.Other
}
