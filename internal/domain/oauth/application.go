package oauth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
)

// Limits of applications.
const (
	MaxApplications    = 50 // of a user; deactivated ones count (v3 contract, developer portal)
	MaxApplicationName = 100
	MaxDescription     = 1000
	MaxURL             = 2048
)

// hostedName may not stand in an application's name: people would take it for
// the hosted service's own (v3 contract, developer portal).
const hostedName = "constant contact"

// Flow says how an application gets its tokens.
type Flow string

// The flows. FlowCode is a server that keeps a secret; it may use the implicit
// flow as well. FlowPKCE is a browser or native application, which cannot keep
// one. FlowDevice is a thing without a browser.
const (
	FlowCode   Flow = "code"
	FlowPKCE   Flow = "pkce"
	FlowDevice Flow = "device"
)

// Refresh says what becomes of a refresh token that is used.
type Refresh string

// The kinds of refresh token. A rotating one is replaced with each use.
const (
	Rotating  Refresh = "rotating"
	LongLived Refresh = "long_lived"
	// noRefresh is the kind of a grant without offline_access.
	noRefresh Refresh = "none"
)

// Application is a program that may ask users for access.
type Application struct {
	ID id.Application
	// UID is the client id, called API key in the contract.
	UID  id.UID
	User id.User
	// Account is the one in which it was made: its request log is kept there.
	Account     id.Account
	Name        string
	Description string
	LogoURL     string
	Website     string
	Flow        Flow
	// Refresh counts for grants made from now on.
	Refresh      Refresh
	RedirectURIs []string
	// SecretAt is when the client secret was made; zero where there is none.
	SecretAt time.Time
	// Builtin is the server's own: nobody's, and not to be changed.
	Builtin bool
	Active  bool
	// Rate is the application's own limit, as ParseRate reads it; empty for
	// the server's.
	Rate string
	// Version grows with each deactivation and each new secret.
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
	DeletedAt time.Time

	secretHash []byte
}

// SecretHash is the SHA-256 of the client secret, for the store; nil without.
func (a Application) SecretHash() []byte { return a.secretHash }

// WithSecretHash returns the application with what the store kept.
func (a Application) WithSecretHash(hash []byte) Application {
	a.secretHash = hash
	return a
}

// HasSecret reports whether a client secret was made.
func (a Application) HasSecret() bool { return len(a.secretHash) > 0 }

// IsSecret reports whether text is the client secret.
func (a Application) IsSecret(text string) bool {
	return a.HasSecret() && subtle.ConstantTimeCompare(hash(text), a.secretHash) == 1
}

// Redirects reports whether sent is a redirect URI of the application.
func (a Application) Redirects(sent string) bool {
	return slices.ContainsFunc(a.RedirectURIs, func(r string) bool { return MatchRedirectURI(r, sent) })
}

// ApplicationChange is what is to be set. Create takes defaults for what is
// not given; Update leaves it.
type ApplicationChange struct {
	Name         opt.Value[string]
	Description  opt.Value[string]
	LogoURL      opt.Value[string]
	Website      opt.Value[string]
	Flow         opt.Value[Flow]
	Refresh      opt.Value[Refresh]
	RedirectURIs opt.Value[[]string]
	// Rate is the operator's to set; edges for users leave it out.
	Rate opt.Value[string]
}

// apply puts the change into a and names what is wrong with the result.
func (c ApplicationChange) apply(a *Application, problems *fault.Problems) {
	a.Name = strings.TrimSpace(c.Name.Or(a.Name))
	a.Description = strings.TrimSpace(c.Description.Or(a.Description))
	a.LogoURL = strings.TrimSpace(c.LogoURL.Or(a.LogoURL))
	a.Website = strings.TrimSpace(c.Website.Or(a.Website))
	a.Flow = c.Flow.Or(a.Flow)
	a.Refresh = c.Refresh.Or(a.Refresh)
	a.Rate = c.Rate.Or(a.Rate)
	if c.RedirectURIs.Given() {
		a.RedirectURIs = lines(c.RedirectURIs.Or(nil))
	}

	switch {
	case a.Name == "":
		problems.Add("name", "required", "is missing")
	case utf8.RuneCountInString(a.Name) > MaxApplicationName:
		problems.Add("name", "length", "is longer than 100 characters")
	case strings.ContainsFunc(a.Name, unicode.IsControl):
		problems.Add("name", "format", "holds a control character")
	case strings.Contains(strings.ToLower(a.Name), hostedName):
		problems.Add("name", "reserved", "contains the name of the hosted service, which would take its users for its own")
	}
	if utf8.RuneCountInString(a.Description) > MaxDescription {
		problems.Add("description", "length", "is longer than 1000 characters")
	}
	checkURL(problems, "logo_url", a.LogoURL)
	checkURL(problems, "website", a.Website)
	switch a.Flow {
	case FlowCode, FlowPKCE, FlowDevice:
	default:
		problems.Add("flow", "enum", "is not one of code, pkce, device")
	}
	switch a.Refresh {
	case Rotating, LongLived:
	default:
		problems.Add("refresh_kind", "enum", "is not one of rotating, long_lived")
	}
	if _, err := ParseRate(a.Rate); a.Rate != "" && err != nil {
		problems.Add("rate", "format", err.Error())
	}
	if len(a.RedirectURIs) > MaxRedirectURIs {
		problems.Add("redirect_uris", "length", "are more than 100")
	}
	for _, uri := range a.RedirectURIs {
		if wrong := CheckRedirectURI(uri); wrong != "" {
			problems.Add("redirect_uris", "format", strconv.Quote(uri)+" "+wrong)
		}
	}
}

// lines trims each, and leaves out what is empty or said twice.
func lines(given []string) []string {
	var out []string
	for _, l := range given {
		if l = strings.TrimSpace(l); l != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

func checkURL(problems *fault.Problems, path, text string) {
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(text) > MaxURL {
		problems.Add(path, "format", "is not a web address")
	}
}

// CreateApplication registers an application of the actor. Only a name is
// needed: the flow is then code, the refresh kind rotating, and the redirect
// URI https://localhost. It fails with ErrApplicationLimit where the user has
// 50.
func (s *Service) CreateApplication(ctx context.Context, actor account.Actor, c ApplicationChange, problems fault.Problems) (Application, error) {
	a := Application{
		User: actor.User, Account: actor.Account, Flow: FlowCode, Refresh: Rotating,
		RedirectURIs: []string{DefaultRedirectURI}, Active: true, Version: 1,
	}
	c.apply(&a, &problems)
	if a.Flow == FlowDevice && !c.RedirectURIs.Given() {
		a.RedirectURIs = nil
	}
	if err := problems.Err(); err != nil {
		return Application{}, err
	}
	n, err := s.store.NextApplication(ctx)
	if err != nil {
		return Application{}, err
	}
	a.ID = n
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		count, err := tx.CountApplications(ctx, actor.User)
		if err != nil {
			return err
		}
		if count >= MaxApplications {
			return ErrApplicationLimit
		}
		a.UID, a.CreatedAt, a.UpdatedAt = tx.UID(), tx.Now(), tx.Now()
		return tx.InsertApplication(ctx, a)
	})
	return a, err
}

// Applications returns those of the actor, in the order of their making,
// whichever account they were made in.
func (s *Service) Applications(ctx context.Context, actor account.Actor) (all []Application, err error) {
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		all, err = tx.ApplicationsOf(ctx, actor.User)
		return err
	})
	return all, err
}

// Application returns one of the actor's.
func (s *Service) Application(ctx context.Context, actor account.Actor, client id.UID) (a Application, err error) {
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		a, err = owned(ctx, tx, actor, client)
		return err
	})
	return a, err
}

// owned reads an application that belongs to the actor. One of somebody else
// is not there.
func owned(ctx context.Context, tx Tx, actor account.Actor, client id.UID) (Application, error) {
	a, err := tx.ApplicationByUID(ctx, client)
	if err != nil {
		return Application{}, err
	}
	if a.Builtin || a.User != actor.User || !a.DeletedAt.IsZero() {
		return Application{}, fault.ErrNotFound
	}
	return a, nil
}

// change reads one of the actor's applications, lets fn alter it, and keeps
// it. With felt, every process forgets the tokens it has verified.
func (s *Service) change(ctx context.Context, actor account.Actor, client id.UID, felt bool, fn func(ctx context.Context, tx Tx, a *Application) error) (a Application, err error) {
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if a, err = owned(ctx, tx, actor, client); err != nil {
			return err
		}
		if err := fn(ctx, tx, &a); err != nil {
			return err
		}
		a.UpdatedAt = tx.Now()
		if felt {
			a.Version++
			if err := tx.BumpCredentials(ctx); err != nil {
				return err
			}
		}
		return tx.UpdateApplication(ctx, a)
	})
	return a, err
}

// UpdateApplication changes what is given. Another flow or refresh kind counts
// for grants made from then on.
func (s *Service) UpdateApplication(ctx context.Context, actor account.Actor, client id.UID, c ApplicationChange, problems fault.Problems) (Application, error) {
	// The limit stands in what verified tokens remember.
	felt := c.Rate.Given()
	return s.change(ctx, actor, client, felt, func(_ context.Context, _ Tx, a *Application) error {
		all := slices.Clone(problems)
		c.apply(a, &all)
		return all.Err()
	})
}

// NewSecret makes a client secret, which is shown this once and kept as a
// hash. Where there is one, replace must be true, else it fails with
// ErrSecretExists; the former stops working at once, tokens that it brought
// live on. It fails with ErrSecretFlow for applications that cannot keep one.
func (s *Service) NewSecret(ctx context.Context, actor account.Actor, client id.UID, replace bool) (secret string, a Application, err error) {
	a, err = s.change(ctx, actor, client, true, func(_ context.Context, tx Tx, a *Application) error {
		if a.Flow != FlowCode {
			return ErrSecretFlow
		}
		if a.HasSecret() && !replace {
			return ErrSecretExists
		}
		secret = random(16)
		a.secretHash, a.SecretAt = hash(secret), tx.Now()
		return nil
	})
	return secret, a, err
}

// SetActive deactivates or activates an application. Calls with the tokens of
// one that is not active are refused with ErrInactive.
func (s *Service) SetActive(ctx context.Context, actor account.Actor, client id.UID, active bool) (Application, error) {
	return s.change(ctx, actor, client, true, func(_ context.Context, _ Tx, a *Application) error {
		a.Active = active
		return nil
	})
}

// DeleteApplication ends an application and all that was granted to it.
func (s *Service) DeleteApplication(ctx context.Context, actor account.Actor, client id.UID) error {
	_, err := s.change(ctx, actor, client, true, func(ctx context.Context, tx Tx, a *Application) error {
		a.Active, a.DeletedAt = false, tx.Now()
		return tx.EndGrantsOf(ctx, a.ID, EndRemoved)
	})
	return err
}

// Builtin describes an application of the server's own.
type Builtin struct {
	Name         string
	RedirectURIs []string
}

// EnsureBuiltin registers a public application of the server's own (code with
// PKCE), or brings its redirect URIs up to date, and returns it. It is known
// by its name and belongs to nobody.
func (s *Service) EnsureBuiltin(ctx context.Context, b Builtin) (a Application, err error) {
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		a, err = tx.BuiltinByName(ctx, b.Name)
		return err
	})
	if err == nil && slices.Equal(a.RedirectURIs, b.RedirectURIs) || err != nil && !fault.Is(err, fault.NotFound) {
		return a, err
	}
	n, err := s.store.NextApplication(ctx)
	if err != nil {
		return Application{}, err
	}
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		// It also keeps a second process, which starts at the same time, from
		// registering another one.
		if err := tx.BumpCredentials(ctx); err != nil {
			return err
		}
		a, err = tx.BuiltinByName(ctx, b.Name)
		switch {
		case err == nil:
			a.RedirectURIs, a.UpdatedAt = b.RedirectURIs, tx.Now()
			return tx.UpdateApplication(ctx, a)
		case !fault.Is(err, fault.NotFound):
			return err
		}
		a = Application{
			ID: n, UID: tx.UID(), Name: b.Name, Flow: FlowPKCE, Refresh: Rotating, RedirectURIs: b.RedirectURIs,
			Builtin: true, Active: true, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		return tx.InsertApplication(ctx, a)
	})
	return a, err
}

// hash is how random secrets are kept.
func hash(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
