package account

import (
	"strings"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Faults of this package.
var (
	ErrCredentials  = fault.New(fault.Unauthenticated, fault.CodeCredentials, "The email address or the password is wrong.")
	ErrUserTaken    = fault.New(fault.Conflict, fault.CodeUserTaken, "There is a user with this email address already.")
	ErrMember       = fault.New(fault.Conflict, fault.CodeMember, "This user belongs to the account already.")
	ErrLastOwner    = fault.New(fault.Conflict, fault.CodeLastOwner, "An account keeps at least one owner.")
	ErrSignupClosed = fault.New(fault.Forbidden, fault.CodeSignupClosed, "Nobody can sign up on this server.")
	ErrSetupCode    = fault.New(fault.Forbidden, fault.CodeSetupCode, "The set-up code is not the one that the server printed.")
	ErrLink         = fault.New(fault.Gone, fault.CodeLink, "This link was used, has expired, or never was one.")
	ErrSuspended    = fault.New(fault.Forbidden, fault.CodeSuspended, "The account is suspended.")
	ErrClosed       = fault.New(fault.Forbidden, fault.CodeClosed, "The account is closed.")
	ErrAttempts     = fault.New(fault.TooMany, fault.CodeAttempts, "Too many tries; wait a minute.")
	// ErrRevoked is a user who was removed, or who no longer belongs to the
	// account that a session, a grant or a key names.
	ErrRevoked = fault.New(fault.Unauthenticated, fault.CodeTokenRevoked, "The user of this credential no longer belongs to the account.")
)

// Status says whether an account may be used.
type Status string

// The states of an account. Suspended and Active follow each other as often as
// the operator likes; Closed is the end.
const (
	Active    Status = "active"
	Suspended Status = "suspended"
	Closed    Status = "closed"
)

// Account is who owns contacts, lists and all else.
type Account struct {
	ID  id.Account
	UID id.UID
	// EncodedID is the short opaque name that v3 shows (encoded_account_id).
	EncodedID string
	Status    Status

	Organization      string
	OrganizationPhone string
	Website           string
	LogoURL           string
	// ContactEmail and the three below are those of the person to ask for.
	ContactEmail email.Address
	ContactPhone string
	FirstName    string
	LastName     string
	// Country and State are ISO 3166 codes in upper case, or empty.
	Country string
	State   string
	// TimeZone is a name of the IANA database.
	TimeZone string
	// Physical is printed at the foot of mail; its zero value is none.
	Physical PhysicalAddress

	// Version grows when the account is suspended, activated or closed.
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Name returns the account's name as it is shown: the organization's, else
// that of the person to ask for.
func (a Account) Name() string {
	if a.Organization != "" {
		return a.Organization
	}
	return User{FirstName: a.FirstName, LastName: a.LastName, Email: a.ContactEmail}.Name()
}

// PhysicalAddress is where an organization is (v3 contract,
// AccountPhysicalAddress).
type PhysicalAddress struct {
	Line1      string
	Line2      string
	Line3      string
	City       string
	StateCode  string // in the United States and Canada
	StateName  string // elsewhere
	PostalCode string
	Country    string
}

// IsZero reports whether there is no address.
func (p PhysicalAddress) IsZero() bool { return p == PhysicalAddress{} }

// Usable returns nil for an active account, else why it may not be used.
func (a Account) Usable() error {
	switch a.Status {
	case Active:
		return nil
	case Suspended:
		return ErrSuspended
	default:
		return ErrClosed
	}
}

// User is a person who signs in.
type User struct {
	ID  id.User
	UID id.UID
	// Username is unique without regard to case: see UsernameKey. It is the
	// email address unless it was made otherwise.
	Username string
	Email    email.Address
	// ConfirmedAt is when the user proved to read mail at Email; zero until
	// then.
	ConfirmedAt time.Time
	FirstName   string
	LastName    string
	Phone       string
	// Home is the account meant where none is named.
	Home id.Account
	// Version grows with every new password and with removal: what was signed
	// in under an older one no longer is.
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
	// RemovedAt is when the user ceased to be one; zero until then.
	RemovedAt time.Time
}

// Name returns the user's name as it is shown: what there is of first and last
// name, or the address.
func (u User) Name() string {
	switch {
	case u.FirstName != "" && u.LastName != "":
		return u.FirstName + " " + u.LastName
	case u.FirstName+u.LastName != "":
		return u.FirstName + u.LastName
	}
	return u.Email.String()
}

// Member is a user of an account.
type Member struct {
	User  User
	Role  Role
	Since time.Time
}

// Membership is an account that a user belongs to.
type Membership struct {
	Account Account
	Role    Role
}

// Invitation asks somebody into an account.
type Invitation struct {
	// ID names the invitation in its account; it lets nobody in.
	ID        string
	Email     email.Address
	Role      Role
	CreatedBy id.User
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Stamp holds the credential versions under which something was let in. It is
// compared with ==: another stamp means that it must be asked for again.
type Stamp struct {
	User    int64
	Account int64
}

// UsernameKey returns the form of a username under which it is unique: two
// names that differ in case, or by blanks around them, are one.
func UsernameKey(username string) string { return strings.ToLower(strings.TrimSpace(username)) }
