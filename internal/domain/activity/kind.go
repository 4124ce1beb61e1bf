package activity

import "context"

// Kind is a kind of bulk work. Its text is stored.
type Kind string

// The kinds.
const (
	FileImport    Kind = "file_import"
	JSONImport    Kind = "json_import"
	ContactExport Kind = "contact_export"
	ContactDelete Kind = "contact_delete"
	ListAdd       Kind = "list_add"
	ListRemove    Kind = "list_remove"
	TagAdd        Kind = "tag_add"
	TagRemove     Kind = "tag_remove"
	ListDelete    Kind = "list_delete"
	TagDelete     Kind = "tag_delete"
	FieldDelete   Kind = "field_delete"
)

// doing says how each kind is worked on: from where the activity stands until
// it has ended. What a kind does stands in a file of its own.
var doing = map[Kind]func(*work, context.Context) error{
	FileImport:    (*work).importFile,
	JSONImport:    (*work).importFile,
	ContactExport: (*work).export,
	ContactDelete: (*work).deleteContacts,
	ListAdd:       (*work).joinLists,
	ListRemove:    (*work).leaveLists,
	TagAdd:        (*work).putTags,
	TagRemove:     (*work).dropTags,
	ListDelete:    (*work).clearLists,
	TagDelete:     (*work).clearTags,
	FieldDelete:   (*work).clearFields,
}

// clearsUp reports whether the kind only clears up after something that is gone
// already, and so cannot be stopped.
func (k Kind) clearsUp() bool {
	return k == ListDelete || k == TagDelete || k == FieldDelete
}
