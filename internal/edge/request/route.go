package request

import (
	"net/http"
	"slices"
	"strings"
)

// Routes finds what serves a path. A segment in braces stands for any text; a
// literal one counts before it. Slashes more or fewer than needed, at the end
// or doubled, make no difference. The zero value is ready; it is filled before
// it is used by several goroutines.
type Routes[T any] struct{ root place[T] }

type place[T any] struct {
	literal map[string]*place[T]
	any     *place[T]
	routes  map[string]route[T] // by method
}

type route[T any] struct {
	names []string
	value T
}

// Match is what stands at a path.
type Match[T any] struct {
	Value T
	// Params are the texts that stand for the segments in braces.
	Params map[string]string
}

// Add says what serves a method at a path, as in /contacts/{contact_id}.
func (r *Routes[T]) Add(method, path string, value T) {
	at, names := &r.root, []string(nil)
	for _, segment := range segments(path) {
		next := &at.any
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		} else {
			if at.literal == nil {
				at.literal = map[string]*place[T]{}
			}
			if at.literal[segment] == nil {
				at.literal[segment] = &place[T]{}
			}
			at = at.literal[segment]
			continue
		}
		if *next == nil {
			*next = &place[T]{}
		}
		at = *next
	}
	if at.routes == nil {
		at.routes = map[string]route[T]{}
	}
	at.routes[method] = route[T]{names, value}
}

// Find returns what serves a method at a path. Where the path is known but not
// with this method, it returns the methods that are, for the header Allow;
// where it is not known, neither. HEAD is served by what serves GET.
func (r *Routes[T]) Find(method, path string) (_ Match[T], found bool, allow []string) {
	at, texts := r.root.find(segments(path), nil)
	if at == nil {
		return Match[T]{}, false, nil
	}
	if method == http.MethodHead {
		method = http.MethodGet
	}
	to, ok := at.routes[method]
	if !ok {
		return Match[T]{}, false, at.methods()
	}
	m := Match[T]{Value: to.value}
	if len(to.names) > 0 {
		m.Params = make(map[string]string, len(to.names))
		for i, name := range to.names {
			m.Params[name] = texts[i]
		}
	}
	return m, true, nil
}

func (p *place[T]) find(rest, texts []string) (*place[T], []string) {
	if len(rest) == 0 {
		if p.routes == nil {
			return nil, nil
		}
		return p, texts
	}
	if next := p.literal[rest[0]]; next != nil {
		if at, all := next.find(rest[1:], texts); at != nil {
			return at, all
		}
	}
	if p.any != nil {
		return p.any.find(rest[1:], append(texts, rest[0]))
	}
	return nil, nil
}

// methods returns what Allow says of a place.
func (p *place[T]) methods() []string {
	all := []string{http.MethodOptions}
	for method := range p.routes {
		all = append(all, method)
		if method == http.MethodGet {
			all = append(all, http.MethodHead)
		}
	}
	slices.Sort(all)
	return all
}

func segments(path string) []string {
	return slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" })
}
