package operation

import (
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// About says what a document is of.
type About struct {
	Title       string
	Version     string
	Description string
	// PublicURL begins the addresses of the server and of its OAuth; without
	// a slash at its end.
	PublicURL string
	// Groups are the groups of operations, in order, with what they are for.
	Groups []Group
	// Scopes are all scopes, in order, with what they allow.
	Scopes []Scope
	// Failure is the type of an element of a refusal. A refusal is an array
	// of one, or where Bare says so, the element itself.
	Failure reflect.Type
	Bare    func(o Operation, status int) bool
}

// Group is a group of operations.
type Group struct{ Name, Doc string }

// Scope is a scope as the document tells of it.
type Scope struct{ Name, Doc string }

// securityName is what the document calls the way a call is authorised.
const securityName = "oauth2"

// refusals say what a status means, whichever operation answers it.
var refusals = map[int]string{
	http.StatusBadRequest:           "Something is wrong with the request; the text and `problems` name every fault.",
	http.StatusUnauthorized:         "There is no token, or it is not good any more.",
	http.StatusForbidden:            "The token's scopes, the user's role, or the state of the application or account do not allow this; `Kith-Error-Code` says which.",
	http.StatusNotFound:             "There is nothing with this id in the account.",
	http.StatusMethodNotAllowed:     "The address does not take this method; `Allow` lists those that it takes.",
	http.StatusConflict:             "It contradicts something that exists.",
	http.StatusUnsupportedMediaType: "The body is in a form that is not taken.",
	http.StatusTooManyRequests:      "Too many calls; `Retry-After` says how long to wait, where that is known.",
	http.StatusInternalServerError:  "The server failed; its log has the request under `Kith-Request-Id`.",
	http.StatusNotImplemented:       "This server does not do this yet.",
	http.StatusServiceUnavailable:   "The server cannot answer now; try again.",
}

// common are the refusals that every operation may answer.
var common = []int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
}

// Document returns the OpenAPI 3.1 document of an API, as JSON and as YAML.
func Document(a *API, about About) (inJSON, inYAML []byte) {
	s := &schemas{types: map[string]reflect.Type{}}
	refused := object{}
	d := object{
		{"openapi", "3.1.0"},
		{"info", object{{"title", about.Title}, {"version", about.Version}, {"description", about.Description}}},
		{"servers", []any{object{{"url", about.PublicURL + a.Prefix}}}},
		{"tags", groups(about.Groups)},
		{"paths", paths(a, about, s, &refused)},
		{"components", object{}},
	}
	s.named.sort()
	refused.sort()
	d[len(d)-1].value = object{
		{"securitySchemes", object{{securityName, security(about)}}},
		{"responses", refused},
		{"schemas", s.named},
	}
	return asJSON(d), asYAML(d)
}

func groups(all []Group) []any {
	var out []any
	for _, g := range all {
		out = append(out, object{{"name", g.Name}, {"description", g.Doc}})
	}
	return out
}

func security(about About) object {
	scopes := object{}
	for _, s := range about.Scopes {
		scopes.add(s.Name, s.Doc)
	}
	base := about.PublicURL + "/oauth2/default/v1/"
	return object{
		{"type", "oauth2"},
		{"description", "An access token, or an access key in its place, in the header Authorization after the word Bearer."},
		{"flows", object{
			{"authorizationCode", object{
				{"authorizationUrl", base + "authorize"}, {"tokenUrl", base + "token"}, {"refreshUrl", base + "token"}, {"scopes", scopes},
			}},
			{"implicit", object{{"authorizationUrl", base + "authorize"}, {"scopes", scopes}}},
		}},
	}
}

func paths(a *API, about About, s *schemas, refused *object) object {
	var all object
	for _, o := range a.Operations {
		i := slices.IndexFunc(all, func(m member) bool { return m.name == o.Path })
		if i < 0 {
			i = len(all)
			all.add(o.Path, object{})
		}
		item, _ := all[i].value.(object)
		item.add(strings.ToLower(o.Method), describe(a, about, o, s, refused))
		all[i].value = item
	}
	return all
}

// describe is one operation of the document.
func describe(a *API, about About, o Operation, s *schemas, refused *object) object {
	d := object{{"operationId", o.ID}, {"tags", []string{o.Group}}, {"summary", o.Summary}}
	d.addText("description", o.Description)
	scopes := []string{}
	if o.Scope != "" {
		scopes = append(scopes, string(o.Scope))
	}
	d.add("security", []any{object{{securityName, scopes}}})
	if len(o.Privileges) > 0 {
		d.add("x-kith-privileges", o.Privileges)
	}
	d.add("x-kith-built", o.Built())
	if p := parameters(a, o); len(p) > 0 {
		d.add("parameters", p)
	}
	if body := requestBody(o, s); body != nil {
		d.add("requestBody", body)
	}
	d.add("responses", responses(a, about, o, s, refused))
	return d
}

var inBraces = regexp.MustCompile(`\{([^}]+)\}`)

// names are the names in a path.
func names(path string) (all []string) {
	for _, found := range inBraces.FindAllStringSubmatch(path, -1) {
		all = append(all, found[1])
	}
	return all
}

func parameters(a *API, o Operation) []any {
	var all []any
	for _, name := range names(o.Path) {
		p := Parameter{Name: name, Kind: a.IDs[name]}
		all = append(all, object{{"name", p.Name}, {"in", "path"}, {"required", true}, {"schema", ofParameter(p)}})
	}
	for _, p := range o.Query {
		d := object{{"name", p.Name}, {"in", "query"}}
		if p.Required {
			d.add("required", true)
		}
		d.add("description", p.Doc)
		if p.Kind == Words || p.Kind == UIDs || p.Kind == Numbers {
			d.add("style", "form")
			d.add("explode", false)
		}
		d.add("schema", ofParameter(p))
		all = append(all, d)
	}
	return all
}

func requestBody(o Operation, s *schemas) object {
	switch {
	case o.Body != nil:
		return object{{"required", !o.BodyOptional}, {"content", object{{"application/json", object{{"schema", s.of(o.Body)}}}}}}
	case o.Form != nil:
		form, properties, required := object{{"type", "object"}}, object{}, []string{}
		encoding := object{}
		for _, p := range o.Form {
			properties.add(p.Name, ofPart(p))
			if p.Required {
				required = append(required, p.Name)
			}
			if p.List {
				encoding.add(p.Name, object{{"style", "form"}, {"explode", false}})
			}
		}
		form.add("required", required)
		form.add("properties", properties)
		media := object{{"schema", form}}
		if len(encoding) > 0 {
			media.add("encoding", encoding)
		}
		return object{{"required", true}, {"content", object{{"multipart/form-data", media}}}}
	}
	return nil
}

func responses(a *API, about About, o Operation, s *schemas, refused *object) object {
	var all object
	for _, answer := range o.Answers {
		d := object{{"description", answer.Doc}}
		if len(answer.Headers) > 0 {
			headers := object{}
			for name, doc := range answer.Headers {
				headers.add(name, object{{"description", doc}, {"schema", object{{"type", "string"}}}})
			}
			headers.sort()
			d.add("headers", headers)
		}
		content := object{}
		if answer.Type != nil {
			content.add("application/json", object{{"schema", s.of(answer.Type)}})
		}
		if answer.Media != "" {
			content.add(answer.Media, object{{"schema", object{{"type", "string"}}}})
		}
		if len(content) > 0 {
			d.add("content", content)
		}
		all.add(strconv.Itoa(answer.Status), d)
	}
	for _, status := range a.refusals(o) {
		all.add(strconv.Itoa(status), refusal(about, o, status, s, refused))
	}
	return all
}

// refusals are the statuses of 400 and more that an operation may answer.
func (a *API) refusals(o Operation) []int {
	all := append(slices.Clone(common), o.Failures...)
	takesBody := o.Body != nil || o.Form != nil || !o.Built() && writes(o.Method)
	if len(o.Query) > 0 || takesBody {
		all = append(all, http.StatusBadRequest)
	}
	if takesBody {
		all = append(all, http.StatusUnsupportedMediaType)
	}
	if slices.ContainsFunc(names(o.Path), func(name string) bool { return a.IDs[name] != Text }) {
		all = append(all, http.StatusNotFound)
	}
	if !o.Built() {
		all = append(all, http.StatusNotImplemented)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// refusal refers to what is said of a status once for all operations.
func refusal(about About, o Operation, status int, s *schemas, refused *object) object {
	name, bare := "Refused"+strconv.Itoa(status), about.Bare(o, status)
	if bare {
		name += "Bare"
	}
	if refused.get(name) == nil {
		element := s.of(about.Failure)
		schema := object{{"type", "array"}, {"items", element}}
		if bare {
			schema = element
		}
		refused.add(name, object{{"description", refusals[status]}, {"content", object{{"application/json", object{{"schema", schema}}}}}})
	}
	return object{{"$ref", "#/components/responses/" + name}}
}
