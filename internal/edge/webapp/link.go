package webapp

import (
	"net/http"

	"kith/internal/domain/account"
	"kith/internal/edge/page"
)

// The pages that links in mails lead to. Opening one changes nothing, since
// programs that scan mail open links too; its button does.

func resetForm() *page.Form {
	return page.NewForm(page.Field{Name: "email", Label: "Email", Type: "email", Autocomplete: "username", Required: true})
}

func newPasswordForm() *page.Form {
	return page.NewForm(page.Field{Name: "password", Label: "New password", Type: "password", Autocomplete: "new-password", Required: true, Hint: passwordHint()})
}

// resetPage asks for the address, or, opened by a link, for the new password.
func (a *App) resetPage(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("token")
	if token == "" {
		return a.show(w, http.StatusOK, "reset", a.resetView(resetForm()))
	}
	p, _, err := a.newPasswordView(r, token)
	if err != nil {
		return err
	}
	return a.show(w, http.StatusOK, "reset-new", p)
}

func (a *App) resetView(form *page.Form) page.Page {
	return page.Page{Title: "Forgot your password?", Data: map[string]any{"Form": form, "Mail": a.o.Mail}}
}

func (a *App) newPasswordView(r *http.Request, token string) (page.Page, *page.Form, error) {
	l, err := a.o.Accounts.CheckLink(r.Context(), account.LinkReset, token)
	if err != nil {
		return page.Page{}, nil, err
	}
	form := newPasswordForm()
	return page.Page{Title: "Choose a new password", Data: map[string]any{"Form": form, "Token": token, "Email": l.Email.String()}}, form, nil
}

func (a *App) reset(w http.ResponseWriter, r *http.Request) error {
	if token := r.PostFormValue("token"); token != "" {
		return a.newPassword(w, r, token)
	}
	if err := a.o.Accounts.RequestReset(r.Context(), by(r, "web password reset"), r.PostFormValue("email")); err != nil {
		form := resetForm()
		return a.fail(w, r, "reset", a.resetView(form), form, err)
	}
	return a.show(w, http.StatusOK, "reset-sent", page.Page{Title: "Look into your mailbox", Data: map[string]any{
		"Email": r.PostFormValue("email"), "Mail": a.o.Mail,
	}})
}

func (a *App) newPassword(w http.ResponseWriter, r *http.Request, token string) error {
	if _, err := a.o.Accounts.Reset(r.Context(), token, r.PostFormValue("password")); err != nil {
		p, form, viewErr := a.newPasswordView(r, token)
		if viewErr != nil {
			return viewErr
		}
		return a.fail(w, r, "reset-new", p, form, err)
	}
	return a.done(w, "Your password is changed", "Log in with the new one. Wherever you were logged in before, you are logged out.", "/login", "Log in")
}

// done tells that a link has done its work, and where to go from there.
func (a *App) done(w http.ResponseWriter, heading, text, link, button string) error {
	return a.show(w, http.StatusOK, "done", page.Page{Title: heading, Data: map[string]any{
		"Heading": heading, "Text": text, "Link": link, "Button": button,
	}})
}

func (a *App) invitePage(w http.ResponseWriter, r *http.Request) error {
	p, _, err := a.inviteView(r, r.URL.Query().Get("token"))
	if err != nil {
		return err
	}
	return a.show(w, http.StatusOK, "invite", p)
}

func (a *App) inviteView(r *http.Request, token string) (page.Page, *page.Form, error) {
	in, err := a.o.Accounts.Invited(r.Context(), token)
	if err != nil {
		return page.Page{}, nil, err
	}
	form := page.NewForm(
		page.Field{Name: "first_name", Label: "First name", Autocomplete: "given-name"},
		page.Field{Name: "last_name", Label: "Last name", Autocomplete: "family-name"},
		page.Field{Name: "password", Label: "Password", Type: "password", Autocomplete: "new-password", Required: true, Hint: passwordHint()},
	)
	return page.Page{Title: "Join " + in.Account.Name(), Data: map[string]any{
		"Form": form, "Token": token, "Account": in.Account.Name(), "Role": in.Role.Title(), "Meaning": in.Role.Meaning(),
		"Email": in.Email.String(), "Known": in.Known,
	}}, form, nil
}

func (a *App) invite(w http.ResponseWriter, r *http.Request) error {
	token := r.PostFormValue("token")
	before, err := a.o.Accounts.Invited(r.Context(), token)
	if err != nil {
		return err
	}
	u, in, err := a.o.Accounts.AcceptInvite(r.Context(), token, account.NewUser{
		FirstName: r.PostFormValue("first_name"), LastName: r.PostFormValue("last_name"), Password: r.PostFormValue("password"),
	})
	if err != nil {
		p, form, viewErr := a.inviteView(r, token)
		if viewErr != nil {
			return viewErr
		}
		return a.fail(w, r, "invite", p, form, err)
	}
	if before.Known {
		// The link shows that the mail was read, not that the password is known.
		if who, err := a.o.Sessions.Current(r); err == nil && who.User.ID == u.ID {
			if err := a.o.Sessions.Switch(w, r, in.UID); err != nil {
				return err
			}
			return goOn(w, r, "/")
		}
		return a.done(w, "You have joined "+in.Name(), "Log in, and choose the account there.", "/login", "Log in")
	}
	if err := a.o.Sessions.SignIn(w, r, u, in.ID); err != nil {
		return err
	}
	return goOn(w, r, "/")
}

func (a *App) confirmPage(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("token")
	l, err := a.o.Accounts.CheckLink(r.Context(), account.LinkConfirm, token)
	if err != nil {
		return err
	}
	return a.show(w, http.StatusOK, "confirm", page.Page{Title: "Confirm your address", Data: map[string]any{
		"Token": token, "Email": l.Email.String(),
	}})
}

func (a *App) confirm(w http.ResponseWriter, r *http.Request) error {
	address, err := a.o.Accounts.ConfirmEmail(r.Context(), r.PostFormValue("token"))
	if err != nil {
		return err
	}
	return a.done(w, "Your address is confirmed", "Mail to "+address.String()+" reaches you. Thank you.", "/", "Go on")
}

func (a *App) senderPage(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("token")
	l, err := a.o.Accounts.CheckLink(r.Context(), account.LinkSender, token)
	if err != nil {
		return err
	}
	return a.show(w, http.StatusOK, "sender", page.Page{Title: "Confirm this address", Data: map[string]any{
		"Token": token, "Email": l.Email.String(),
	}})
}

func (a *App) sender(w http.ResponseWriter, r *http.Request) error {
	address, err := a.o.Accounts.ConfirmSender(r.Context(), r.PostFormValue("token"))
	if err != nil {
		return err
	}
	return a.done(w, "The address is confirmed", "Mail may be sent from "+address.String()+" now. Thank you.", "/", "Go on")
}
