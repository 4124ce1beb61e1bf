// Package opt tells three things apart that a partial update needs: a field
// that was not given, one that was given as empty, and one with a value.
package opt

// Value is a field of a partial update. The zero value is absent.
type Value[T any] struct {
	value T
	state state
}

type state uint8

const (
	absent state = iota
	null
	set
)

// Some returns a field that has a value.
func Some[T any](v T) Value[T] { return Value[T]{value: v, state: set} }

// Null returns a field that is to be emptied.
func Null[T any]() Value[T] { return Value[T]{state: null} }

// Given reports whether the field was given at all, empty or not.
func (o Value[T]) Given() bool { return o.state != absent }

// Value returns the value, and whether there is one.
func (o Value[T]) Value() (T, bool) { return o.value, o.state == set }

// Or returns the value given, the zero value where the field is to be
// emptied, and keep where it was not given.
func (o Value[T]) Or(keep T) T {
	if o.state == absent {
		return keep
	}
	return o.value
}
