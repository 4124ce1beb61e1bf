// Package apiv3 speaks version 3 of the API: JSON, UUIDs, OAuth 2. Its table
// (table.go and the files of the resources) holds every operation of the
// contract; what is not built yet answers 501 when everything else is right
// with the call. What a call means is decided by the domain.
package apiv3

import (
	"context"
	"io"
	"net/http"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/segment"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

const prefix = "/v3"

// Accounts is what is done with the caller's account.
type Accounts interface {
	Summary(ctx context.Context, by account.Actor) (account.Account, error)
	Privileges(by account.Actor) []account.Numbered
	UpdateSettings(ctx context.Context, by account.Actor, in account.Settings, found fault.Problems) (account.Account, error)
	Physical(ctx context.Context, by account.Actor) (account.PhysicalAddress, error)
	Senders(ctx context.Context, by account.Actor, f account.SenderFilter) ([]account.Sender, error)
	AddSender(ctx context.Context, by account.Actor, address string, found fault.Problems) (account.Sender, error)
	AddPhysical(ctx context.Context, by account.Actor, in account.PhysicalAddress, found fault.Problems) (account.PhysicalAddress, error)
	ReplacePhysical(ctx context.Context, by account.Actor, in account.PhysicalAddress, found fault.Problems) (account.PhysicalAddress, error)
}

// Contacts is what is done with contacts.
type Contacts interface {
	Create(ctx context.Context, who account.Actor, ch contact.Change, found fault.Problems) (contact.Contact, error)
	Update(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], ch contact.Change, found fault.Problems) (contact.Contact, error)
	Delete(ctx context.Context, who account.Actor, ref id.Ref[id.Contact]) error
	Get(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], include contact.Include) (contact.Contact, error)
	List(ctx context.Context, who account.Actor, f contact.Filter, include contact.Include, r page.Request) (page.Of[contact.Contact], error)
	Counts(ctx context.Context, who account.Actor, newSubscribers bool) (contact.Counts, error)
	Xrefs(ctx context.Context, who account.Actor, numbers []id.Contact) ([]id.Ref[id.Contact], error)
	SMSHistory(ctx context.Context, who account.Actor, ref id.Ref[id.Contact]) (id.Ref[id.Contact], []contact.SMSEntry, error)
	SignUp(ctx context.Context, who account.Actor, ch contact.Change, found fault.Problems) (contact.SignedUp, error)
	AddLists(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], lists opt.Value[[]id.Ref[id.List]], found fault.Problems) (contact.Contact, error)
	RemoveLists(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], lists opt.Value[[]id.Ref[id.List]], found fault.Problems) (contact.Contact, error)
	Resubscribe(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], lists opt.Value[[]id.Ref[id.List]], found fault.Problems) (contact.Contact, error)

	CreateTag(ctx context.Context, who account.Actor, name, source string, found fault.Problems) (contact.Tag, error)
	RenameTag(ctx context.Context, who account.Actor, ref id.Ref[id.Tag], name string, found fault.Problems) (contact.Tag, error)
	Tag(ctx context.Context, who account.Actor, ref id.Ref[id.Tag], count bool) (contact.Tag, error)
	TagPage(ctx context.Context, who account.Actor, count bool, r page.Request) (page.Of[contact.Tag], error)

	CreateField(ctx context.Context, who account.Actor, in contact.NewField, found fault.Problems) (contact.Field, error)
	UpdateField(ctx context.Context, who account.Actor, ref id.Ref[id.Field], in contact.FieldChange, found fault.Problems) (contact.Field, error)
	Field(ctx context.Context, who account.Actor, ref id.Ref[id.Field]) (contact.Field, error)
	FieldPage(ctx context.Context, who account.Actor, r page.Request) (page.Of[contact.Field], error)
}

// Lists is what is done with lists.
type Lists interface {
	Create(ctx context.Context, who account.Actor, in list.Input, found fault.Problems) (list.List, error)
	Update(ctx context.Context, who account.Actor, ref id.Ref[id.List], in list.Input, found fault.Problems) (list.List, error)
	Get(ctx context.Context, who account.Actor, ref id.Ref[id.List], members list.Members) (list.List, error)
	List(ctx context.Context, who account.Actor, f list.Filter, r page.Request) (page.Of[list.List], error)
	Xrefs(ctx context.Context, who account.Actor, numbers []id.List) ([]id.Ref[id.List], error)
}

// Segments is what is done with segments.
type Segments interface {
	Create(ctx context.Context, who account.Actor, in segment.Input, found fault.Problems) (segment.Segment, error)
	Update(ctx context.Context, who account.Actor, number id.Segment, in segment.Input, found fault.Problems) (segment.Segment, error)
	Rename(ctx context.Context, who account.Actor, number id.Segment, name string, found fault.Problems) (segment.Segment, error)
	Delete(ctx context.Context, who account.Actor, number id.Segment) error
	Get(ctx context.Context, who account.Actor, number id.Segment) (segment.Segment, error)
	List(ctx context.Context, who account.Actor, o segment.Order, r page.Request) (page.Of[segment.Segment], error)
}

// Activities is what is done with bulk work.
type Activities interface {
	Begin(ctx context.Context, who account.Actor, b activity.Bulk, found fault.Problems) (activity.Activity, error)
	Export(ctx context.Context, who account.Actor, in activity.Export, found fault.Problems) (activity.Activity, error)
	OpenExport(ctx context.Context, who account.Actor, ref id.Ref[id.Activity]) (activity.ExportFile, error)
	Get(ctx context.Context, who account.Actor, ref id.Ref[id.Activity]) (activity.Activity, error)
	List(ctx context.Context, who account.Actor, f activity.Filter, r page.Request) (page.Of[activity.Activity], error)
	// Receive keeps a file as it arrives, Import imports it, Discard forgets it.
	Receive(ctx context.Context, who account.Actor, name string, body io.Reader) (activity.Upload, error)
	ReceiveRecords(context.Context, account.Actor, func(*activity.Records) error) (activity.Upload, fault.Problems, error)
	Import(ctx context.Context, who account.Actor, in activity.Import, found fault.Problems) (activity.Activity, error)
	Discard(ctx context.Context, who account.Actor, ref id.Ref[id.Blob]) error
	DeleteTag(ctx context.Context, who account.Actor, ref id.Ref[id.Tag]) (activity.Activity, error)
	DeleteTags(ctx context.Context, who account.Actor, asked []id.Ref[id.Tag], found fault.Problems) (activity.Activity, error)
	DeleteField(ctx context.Context, who account.Actor, ref id.Ref[id.Field]) (activity.Activity, error)
	DeleteFields(ctx context.Context, who account.Actor, asked []id.Ref[id.Field], found fault.Problems) (activity.Activity, error)
	DeleteList(ctx context.Context, who account.Actor, ref id.Ref[id.List]) (activity.Activity, error)
	DeleteLists(ctx context.Context, who account.Actor, asked []id.Ref[id.List], found fault.Problems) (activity.Activity, error)
}

// Options is what the API needs; all of it is required.
type Options struct {
	Accounts    Accounts
	Contacts    Contacts
	Lists       Lists
	Segments    Segments
	Activities  Activities
	Credentials request.Credentials
	Cursors     request.Cursors
	// PublicURL begins links to pages and the addresses in the document;
	// without a slash at its end.
	PublicURL string
}

// API is version 3.
type API struct {
	o Options
}

// New returns the handler of everything below /v3.
func New(o Options) http.Handler {
	a := &API{o: o}
	served := a.served()
	served.Documents = documents(served, o.PublicURL)
	return served.Ready()
}

// served is the table with what it is served by.
func (a *API) served() *operation.API {
	return &operation.API{
		Prefix:      prefix,
		Operations:  a.table(),
		IDs:         ids,
		Credentials: a.o.Credentials,
		Cursors:     a.o.Cursors,
		Refuse: func(w http.ResponseWriter, r *http.Request, err error) {
			Refuse(w, r, a.o.PublicURL, err)
		},
	}
}
