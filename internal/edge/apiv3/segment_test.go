package apiv3_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// rules is criteria whose outermost group holds rules or groups.
func rules(group ...any) object {
	return object{"version": "1.0.0", "criteria": object{"type": "and", "group": group}}
}

func asText(t *testing.T, o object) string {
	t.Helper()
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var inRome = object{"source": "contact", "field": "city", "op": "equals", "value": "rome"}

func TestSegment(t *testing.T) {
	w := alone(t)
	c := w.client()
	quiet := `{"version":"1.0.0","criteria":{"type":"and","group":[{"source":"tracking","field":"not_opened","op":"contains-any","const_value":"last-n-campaigns","param":"3"}]}}`
	id := c.call(http.MethodPost, "/v3/segments", object{"name": "Quiet", "segment_criteria": quiet}).status(201).text("segment_id")
	c.call(http.MethodPost, "/v3/segments", object{"name": "Romans", "segment_criteria": rules(inRome)}).status(201)
	c.call(http.MethodGet, "/v3/segments/"+id, nil).status(200)
	c.call(http.MethodGet, "/v3/segments?sort_by=name", nil).status(200)
	c.call(http.MethodGet, "/v3/segments", nil).status(200)
	w.Clock.Move(time.Second)
	c.call(http.MethodPut, "/v3/segments/"+id, object{"name": "Ana", "segment_criteria": asText(t, rules(
		object{"source": "contact", "field": "first_name", "op": "starts-with", "value": "AN"},
		object{"type": "or", "group": []any{
			inRome, object{"source": "contact", "field": "birthday_month", "op": "in", "value": []any{4, "5"}},
		}},
	))}).status(200)
	c.call(http.MethodPatch, "/v3/segments/"+id+"/name", object{"name": "Anas"}).status(200)
	c.call(http.MethodDelete, "/v3/segments/"+id, nil).status(204)
	c.call(http.MethodGet, "/v3/segments/"+id, nil).status(200)
	c.call(http.MethodGet, "/v3/segments", nil).status(200)
	c.golden("segment")
}

func TestSegmentThatIsRefused(t *testing.T) {
	w := alone(t)
	c := w.client()
	id := c.call(http.MethodPost, "/v3/segments", object{"name": "Romans", "segment_criteria": rules(inRome)}).status(201).text("segment_id")
	gone := c.call(http.MethodPost, "/v3/segments", object{"name": "Gone", "segment_criteria": rules(inRome)}).status(201).text("segment_id")
	c.call(http.MethodDelete, "/v3/segments/"+gone, nil).status(204)
	c.call(http.MethodPost, "/v3/segments", object{"name": "romans ", "segment_criteria": rules(inRome)}).code(409, "segment.name.taken")
	other := c.call(http.MethodPost, "/v3/segments", object{"name": "gone", "segment_criteria": rules(inRome)}).status(201).text("segment_id")
	c.call(http.MethodPut, "/v3/segments/"+other, object{"name": "ROMANS", "segment_criteria": rules(inRome)}).code(409, "segment.name.taken")
	c.call(http.MethodPatch, "/v3/segments/"+other+"/name", object{"name": "romans"}).code(409, "segment.name.taken")
	c.call(http.MethodPost, "/v3/segments", object{}).code(400, "request.invalid")
	c.call(http.MethodPost, "/v3/segments", object{"name": "x", "segment_criteria": `{"version":"1.0.0",`}).code(400, "request.invalid")
	c.call(http.MethodPost, "/v3/segments", object{"name": "x", "segment_criteria": 7}).code(400, "request.invalid")
	w.client().call(http.MethodPost, "/v3/segments", object{"name": "x", "segment_criteria": strings.Repeat(" ", 20001)}).code(400, "request.invalid")
	c.call(http.MethodPut, "/v3/segments/"+id, object{"name": "x", "segment_criteria": object{"version": "2", "criteria": object{"type": "or", "group": []any{
		object{"source": "contact", "field": "city", "op": "resembles", "value": "rome"},
		object{"type": "nor", "group": []any{object{"source": "weather", "field": "rain"}, 7}},
		object{"source": "tracking", "field": "opened", "op": "contains-any", "const_value": "last-n-campaigns", "param": "501"},
		object{"source": "tracking", "field": "opened", "op": "between", "value": []any{"2020-01-01", "2026-01-01"}},
		object{"source": "contact", "field": "permission_to_send", "op": "in", "value": []any{"explicit", "perhaps"}},
	}}}}).code(400, "request.invalid")
	c.call(http.MethodPatch, "/v3/segments/"+id+"/name", object{"name": " "}).code(400, "request.invalid")
	c.call(http.MethodGet, "/v3/segments?limit=1001&sort_by=size", nil).code(400, "request.invalid")
	for _, none := range []string{"99", "0", "nonsense", "99999999999", gone} {
		if none != gone {
			c.call(http.MethodGet, "/v3/segments/"+none, nil).code(404, "resource.not_found")
		}
		c.call(http.MethodPut, "/v3/segments/"+none, object{"name": "x", "segment_criteria": rules(inRome)}).code(404, "resource.not_found")
		c.call(http.MethodPatch, "/v3/segments/"+none+"/name", object{"name": "x"}).code(404, "resource.not_found")
		c.call(http.MethodDelete, "/v3/segments/"+none, nil).code(404, "resource.not_found")
		c.call(http.MethodGet, "/v3/contacts?segment_id="+none, nil).code(404, "resource.not_found")
	}
	c.call(http.MethodGet, "/v3/contacts?segment_id="+id+"&status=active&include_count=true&include=notes&sms_status=explicit", nil).code(400, "request.invalid")
	c.golden("segment_refused")
}

func TestSegmentsByPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		for i := range 7 {
			w.Clock.Move(time.Second)
			c.call(http.MethodPost, "/v3/segments", object{"name": fmt.Sprint("Segment ", (i*3)%7), "segment_criteria": rules(inRome)}).status(201)
		}
		for order, want := range map[string]string{"name": "0123456", "date": "4152630"} {
			var seen strings.Builder
			path := "/v3/segments?limit=3&sort_by=" + order
			for path != "" {
				page := c.call(http.MethodGet, path, nil).status(200)
				for i := range 3 {
					seen.WriteString(strings.TrimPrefix(page.text(fmt.Sprintf("segments.%d.name", i)), "Segment "))
				}
				path = page.text("_links.next.href")
			}
			if seen.String() != want {
				t.Errorf("by %s: saw %s, want %s", order, seen.String(), want)
			}
		}
	})
}

func TestContactsOfASegment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		for i := range 9 {
			city := "Rome"
			if i%3 == 2 {
				city = "Paris"
			}
			c.call(http.MethodPost, "/v3/contacts", object{
				"first_name": fmt.Sprint("n", i), "create_source": "Account",
				"street_addresses": []object{{"kind": "home", "city": city}},
			}).status(201)
		}
		id := c.call(http.MethodPost, "/v3/segments", object{"name": "Romans", "segment_criteria": rules(inRome)}).status(201).text("segment_id")
		var seen strings.Builder
		path := "/v3/contacts?limit=4&segment_id=" + id
		for path != "" {
			page := c.call(http.MethodGet, path, nil).status(200)
			for i := range 4 {
				seen.WriteString(page.text(fmt.Sprintf("contacts.%d.first_name", i)))
			}
			path = page.text("_links.next.href")
		}
		if seen.String() != "n0n1n3n4n6n7" {
			t.Errorf("saw %s", seen.String())
		}
	})
}
