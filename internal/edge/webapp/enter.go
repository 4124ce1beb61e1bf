package webapp

import (
	"errors"
	"net/http"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/edge/page"
)

func passwordHint() string { return "At least 8 characters." }

// signUpForm has the fields of the page; their names are the domain's paths.
func signUpForm(setup bool) *page.Form {
	fields := []page.Field{
		{Name: "email", Label: "Email", Type: "email", Autocomplete: "username", Required: true},
		{Name: "password", Label: "Password", Type: "password", Autocomplete: "new-password", Required: true, Hint: passwordHint()},
		{Name: "first_name", Label: "First name", Autocomplete: "given-name"},
		{Name: "last_name", Label: "Last name", Autocomplete: "family-name"},
		{Name: "organization_name", Label: "Organization name", Autocomplete: "organization"},
		{Name: "phone_number", Label: "Phone number", Type: "tel", Autocomplete: "tel"},
	}
	if setup {
		code := page.Field{
			Name: "setup_code", Label: "Set-up code", Autocomplete: "off", Required: true,
			Hint: "The server printed it when it started.",
		}
		fields = append([]page.Field{code}, fields...)
	}
	return page.NewForm(fields...)
}

func signUpPage(e account.Entrance, form *page.Form, returnTo string) page.Page {
	return page.Page{Title: "Sign up", Leaves: leaves(returnTo), Data: map[string]any{
		"Form": form, "First": e.First, "ReturnTo": returnTo, "Login": entry("/login", returnTo),
	}}
}

func (a *App) signUpPage(w http.ResponseWriter, r *http.Request) error {
	e, err := a.o.Accounts.Entrance(r.Context())
	if err != nil {
		return err
	}
	if !e.Open {
		return a.show(w, http.StatusForbidden, "signup-closed", page.Page{Title: "Sign-up is closed"})
	}
	return a.show(w, http.StatusOK, "signup", signUpPage(e, signUpForm(e.SetupCode), returnTo(r)))
}

func (a *App) signUp(w http.ResponseWriter, r *http.Request) error {
	u, in, err := a.o.Accounts.SignUp(r.Context(), by(r, "web sign-up"), account.SignUp{
		Email: r.PostFormValue("email"), Password: r.PostFormValue("password"),
		FirstName: r.PostFormValue("first_name"), LastName: r.PostFormValue("last_name"),
		Organization: r.PostFormValue("organization_name"), Phone: r.PostFormValue("phone_number"),
		SetupCode: r.PostFormValue("setup_code"),
	})
	if err != nil {
		e, asked := a.o.Accounts.Entrance(r.Context())
		if asked != nil {
			return asked
		}
		form := signUpForm(e.SetupCode)
		return a.fail(w, r, "signup", signUpPage(e, form, returnTo(r)), form, err)
	}
	if err := a.o.Sessions.SignIn(w, r, u, in.ID); err != nil {
		return err
	}
	to := returnTo(r)
	if to == "/" {
		to = "/welcome"
	}
	return goOn(w, r, to)
}

// returnTo reads where to go on to, from the address or the form.
func returnTo(r *http.Request) string { return ReturnTo(r.FormValue("return_to")) }

// goOn answers a form with the page that follows it.
func goOn(w http.ResponseWriter, r *http.Request, to string) error {
	w.Header().Set("Cache-Control", "no-store")
	page.Protect(w.Header())
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // ReturnTo lets paths on this server through, nothing else
	return nil
}

func logInForm() *page.Form {
	return page.NewForm(
		page.Field{Name: "email", Label: "Email", Type: "email", Autocomplete: "username", Required: true},
		page.Field{Name: "password", Label: "Password", Type: "password", Autocomplete: "current-password", Required: true},
	)
}

// choice is an account in which somebody who is signed in may go on.
type choice struct {
	Account id.UID
	Name    string
	Role    string
	// Why the account cannot be used, in a word; empty where it can.
	Why     string
	Current bool
}

func (a *App) logInPage(w http.ResponseWriter, r *http.Request) error {
	p, _, err := a.logInView(r)
	if err != nil {
		return err
	}
	return a.show(w, http.StatusOK, "login", p)
}

func (a *App) logInView(r *http.Request) (page.Page, *page.Form, error) {
	form, to := logInForm(), returnTo(r)
	data := map[string]any{"Form": form, "ReturnTo": to}
	switch {
	case leaves(to):
		data["Lead"] = "Then decide what the application may do."
	case to != "/":
		data["Lead"] = "Then you go on where you were."
	}
	e, err := a.o.Accounts.Entrance(r.Context())
	if err != nil {
		return page.Page{}, nil, err
	}
	if e.Open {
		data["Signup"] = entry("/signup", to)
	}
	p := page.Page{Title: "Log in", Leaves: leaves(to), Data: data}
	who, err := a.o.Sessions.Current(r)
	switch {
	case errors.Is(err, ErrSession):
		return p, form, nil
	case err != nil:
		return page.Page{}, nil, err
	}
	all, err := a.o.Accounts.Accounts(r.Context(), who.User.ID)
	if err != nil {
		return page.Page{}, nil, err
	}
	var choices []choice
	for _, m := range all {
		c := choice{Account: m.Account.UID, Name: m.Account.Name(), Role: m.Role.Label(), Current: m.Account.ID == who.Account}
		if err := m.Account.Usable(); err != nil {
			c.Why = string(m.Account.Status)
		}
		choices = append(choices, c)
	}
	form.Rest()
	data["Choices"], data["User"] = choices, who.User.Email.String()
	p.Who = who.User.Email.String()
	return p, form, nil
}

func (a *App) logIn(w http.ResponseWriter, r *http.Request) error {
	u, err := a.o.Accounts.Authenticate(r.Context(), by(r, "web log-in"), r.PostFormValue("email"), r.PostFormValue("password"))
	if err != nil {
		p, form, viewErr := a.logInView(r)
		if viewErr != nil {
			return viewErr
		}
		return a.fail(w, r, "login", p, form, err)
	}
	in, err := a.enters(r, u)
	if err != nil {
		return err
	}
	if err := a.o.Sessions.SignIn(w, r, u, in); err != nil {
		return err
	}
	return goOn(w, r, returnTo(r))
}

// enters chooses the account in which a user begins: the home account, or the
// first of theirs that may be used. Where none may, it says why.
func (a *App) enters(r *http.Request, u account.User) (id.Account, error) {
	all, err := a.o.Accounts.Accounts(r.Context(), u.ID)
	if err != nil {
		return 0, err
	}
	why := error(account.ErrRevoked)
	for i, m := range all {
		err := m.Account.Usable()
		if err == nil {
			return m.Account.ID, nil
		}
		if i == 0 {
			why = err
		}
	}
	return 0, why
}

func (a *App) logOutPage(w http.ResponseWriter, r *http.Request) error {
	who, err := a.o.Sessions.Current(r)
	if errors.Is(err, ErrSession) {
		return goOn(w, r, "/login")
	}
	if err != nil {
		return err
	}
	return a.show(w, http.StatusOK, "logout", page.Page{
		Title: "Log out", Who: who.User.Email.String(),
		Data: map[string]any{"User": who.User.Email.String()},
	})
}

func (a *App) logOut(w http.ResponseWriter, r *http.Request) error {
	if err := a.o.Sessions.SignOut(w, r); err != nil {
		return err
	}
	return goOn(w, r, "/login")
}

func (a *App) switchAccount(w http.ResponseWriter, r *http.Request) error {
	to, err := id.ParseUID(r.PostFormValue("account"))
	if err != nil {
		return fault.ErrNotFound.Saying("You belong to no such account.").Because(err)
	}
	err = a.o.Sessions.Switch(w, r, to)
	if errors.Is(err, ErrSession) {
		return goOn(w, r, LoginURL(returnTo(r)))
	}
	if err != nil {
		return err
	}
	return goOn(w, r, returnTo(r))
}

func (a *App) welcome(w http.ResponseWriter, r *http.Request) error {
	who, err := a.o.Sessions.Current(r)
	if errors.Is(err, ErrSession) {
		return goOn(w, r, LoginURL("/welcome"))
	}
	if err != nil {
		return err
	}
	actor, err := a.o.Sessions.member(r, who)
	if err != nil {
		return err
	}
	in, err := a.o.Accounts.Summary(r.Context(), actor)
	if err != nil {
		return err
	}
	return a.show(w, http.StatusOK, "welcome", page.Page{Title: "Welcome", Who: who.User.Email.String(), Wide: true, Data: map[string]any{
		"Name": who.User.FirstName, "Account": in.Name(), "Email": who.User.Email.String(),
		"Confirmed": !who.User.ConfirmedAt.IsZero(), "Mail": a.o.Mail,
	}})
}
