package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// SignUp is what somebody says of themselves to get an account.
type SignUp struct {
	Email        string
	Password     string
	FirstName    string
	LastName     string
	Organization string
	Phone        string
	// SetupCode is needed for the first account of a server that can be
	// reached from elsewhere.
	SetupCode string
}

// Entrance is whether one can sign up now.
type Entrance struct {
	Open bool
	// First is set while the server has no account.
	First bool
	// SetupCode is set when the set-up code is asked for.
	SetupCode bool
}

// Entrance tells whether one can sign up now, and with what.
func (s *Service) Entrance(ctx context.Context) (e Entrance, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		e, err = s.entrance(ctx, tx)
		return err
	})
	return e, err
}

func (s *Service) entrance(ctx context.Context, tx Tx) (Entrance, error) {
	any, err := tx.AnyAccount(ctx)
	if err != nil {
		return Entrance{}, err
	}
	return Entrance{
		Open:      s.o.Signup == SignupOpen || s.o.Signup == SignupFirst && !any,
		First:     !any,
		SetupCode: !any && s.o.SetupCode != "",
	}, nil
}

// SignUp makes an account and its owner, and furnishes it: see Founder. A mail
// to confirm the address leaves with it. Of by, who called and from where
// matters. It fails with ErrSignupClosed, ErrSetupCode, ErrAttempts,
// ErrUserTaken, and with all faulty fields at once (email, password,
// first_name, last_name, organization_name, phone_number).
func (s *Service) SignUp(ctx context.Context, by Actor, in SignUp) (User, Account, error) {
	if err := s.o.Limiter.Post(ctx, by.Address); err != nil {
		return User{}, Account{}, err
	}
	admit := func(ctx context.Context, tx Tx) error { return s.admit(ctx, tx, in.SetupCode) }
	setup := Try{Kind: "setup", Subject: "code", Address: by.Address}
	if err := s.o.Limiter.Allow(ctx, setup); err != nil {
		return User{}, Account{}, err
	}
	// Who may not sign up hears that first, before any fault of the form.
	if err := s.o.Store.View(ctx, admit); err != nil {
		if errors.Is(err, ErrSetupCode) {
			err = errors.Join(err, s.o.Limiter.Failed(ctx, setup))
		}
		return User{}, Account{}, err
	}
	return s.found(ctx, by, in, admit)
}

func (s *Service) admit(ctx context.Context, tx Tx, code string) error {
	e, err := s.entrance(ctx, tx)
	switch {
	case err != nil:
		return err
	case !e.Open:
		return ErrSignupClosed
	case e.SetupCode && subtle.ConstantTimeCompare([]byte(strings.TrimSpace(code)), []byte(s.o.SetupCode)) != 1:
		return ErrSetupCode.With(fault.Problem{Path: "setup_code", Code: "field.wrong", Message: "is not the one that the server printed"})
	}
	return nil
}

// found makes an account with its owner. admit is asked once more inside the
// unit of work, where nobody can come between.
func (s *Service) found(ctx context.Context, by Actor, in SignUp, admit func(context.Context, Tx) error) (User, Account, error) {
	var p fault.Problems
	u := newUser(&p, in)
	organization := line(&p, "organization_name", in.Organization, MaxOrganization)
	if err := p.Err(); err != nil {
		return User{}, Account{}, err
	}
	hash, err := s.gate.hash(ctx, in.Password)
	if err != nil {
		return User{}, Account{}, err
	}
	number, err := s.o.Store.NextAccount(ctx)
	if err != nil {
		return User{}, Account{}, err
	}
	if u.ID, err = s.o.Store.NextUser(ctx); err != nil {
		return User{}, Account{}, err
	}
	furnish, err := s.o.Founder.Prepare(ctx, number)
	if err != nil {
		return User{}, Account{}, err
	}
	confirm := newToken()
	u.Home = number
	a := Account{
		ID: number, EncodedID: newEncodedID(), Status: Active, Organization: organization,
		ContactEmail: u.Email, ContactPhone: u.Phone, FirstName: u.FirstName, LastName: u.LastName,
		OrganizationPhone: u.Phone, TimeZone: "UTC", Version: 1,
	}
	by.Account, by.User, by.Role = number, u.ID, Owner
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		// Before the question whether there is an account: see Tx.
		if err := tx.BumpCredentials(ctx); err != nil {
			return err
		}
		if err := admit(ctx, tx); err != nil {
			return err
		}
		a.UID, a.CreatedAt, a.UpdatedAt = tx.UID(), tx.Now(), tx.Now()
		if err := tx.InsertAccount(ctx, a); err != nil {
			return err
		}
		if err := insertUser(ctx, tx, &u, hash, Owner); err != nil {
			return err
		}
		own := Sender{Email: u.Email, Roles: RoleContact | RoleBilling | RoleReplyTo, MailedAt: tx.Now(), CreatedAt: tx.Now()}
		if _, err := tx.InsertSender(ctx, number, own); err != nil {
			return err
		}
		if err := furnish(ctx, tx, a, u, by); err != nil {
			return err
		}
		return s.sendConfirm(ctx, tx, u, confirm)
	})
	if err != nil {
		return User{}, Account{}, err
	}
	return u, a, nil
}

// newUser checks what is said of a new user.
func newUser(p *fault.Problems, in SignUp) User {
	checkPassword(p, "password", in.Password, in.Email)
	u := User{
		Email:     mailbox(p, "email", in.Email),
		FirstName: line(p, "first_name", in.FirstName, MaxName),
		LastName:  line(p, "last_name", in.LastName, MaxName),
		Phone:     line(p, "phone_number", in.Phone, MaxPhone),
		Version:   1,
	}
	u.Username = u.Email.String()
	return u
}

// insertUser writes a new user as a member of the account that is their home.
func insertUser(ctx context.Context, tx Tx, u *User, hash string, role Role) error {
	u.UID, u.CreatedAt, u.UpdatedAt = tx.UID(), tx.Now(), tx.Now()
	if err := tx.InsertUser(ctx, *u, hash); err != nil {
		if errors.Is(err, ErrUserTaken) {
			return ErrUserTaken.Because(err).With(fault.Problem{Path: "email", Code: "email.taken", Message: "belongs to a user already"})
		}
		return err
	}
	return tx.PutMember(ctx, u.Home, u.ID, role)
}

// newEncodedID makes the short opaque name of an account (v3 contract,
// Customer.encoded_account_id): 14 characters, 65 of its bits random.
func newEncodedID() string { return "k" + strings.ToLower(rand.Text()[:13]) }

// NewUser is what the operator, or who accepts an invitation, says of a user
// to be made.
type NewUser struct {
	Email     string
	Password  string
	FirstName string
	LastName  string
	Role      Role
}

// addUser makes a user whose home is an existing account.
func (s *Service) addUser(ctx context.Context, number id.Account, in NewUser, also func(context.Context, Tx, Account, *User) error) (User, error) {
	var p fault.Problems
	u := newUser(&p, SignUp{Email: in.Email, Password: in.Password, FirstName: in.FirstName, LastName: in.LastName})
	checkRole(&p, "role", in.Role)
	if err := p.Err(); err != nil {
		return User{}, err
	}
	hash, err := s.gate.hash(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	if u.ID, err = s.o.Store.NextUser(ctx); err != nil {
		return User{}, err
	}
	u.Home = number
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		a, err := tx.AccountByID(ctx, number)
		if err != nil {
			return err
		}
		if err := a.Usable(); err != nil {
			return err
		}
		fresh := u
		if err := insertUser(ctx, tx, &fresh, hash, in.Role); err != nil {
			return err
		}
		if err := also(ctx, tx, a, &fresh); err != nil {
			return err
		}
		u = fresh
		return nil
	})
	if err != nil {
		return User{}, err
	}
	return u, nil
}
