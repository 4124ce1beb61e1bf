package oauth

import (
	"kith/internal/base/fault"
	"kith/internal/domain/account"
)

// Faults of what comes with a call, in the order in which they are looked for.
var (
	ErrTokenMissing   = fault.New(fault.Unauthenticated, fault.CodeTokenMissing, "The call carries no access token and no access key.")
	ErrTokenMalformed = fault.New(fault.Unauthenticated, fault.CodeTokenMalformed, "This is neither an access token nor an access key.")
	ErrTokenForeign   = fault.New(fault.Unauthenticated, fault.CodeTokenForeign, "This access token was not issued by this server.")
	ErrTokenExpired   = fault.New(fault.Unauthenticated, fault.CodeTokenExpired, "The access token has expired.")
	ErrTokenRevoked   = fault.New(fault.Unauthenticated, fault.CodeTokenRevoked, "The access token was revoked.")
	ErrInactive       = fault.New(fault.Forbidden, fault.CodeAppInactive, "The application is deactivated.")
	ErrSuspended      = account.ErrSuspended
	ErrRateSecond     = fault.New(fault.TooMany, fault.CodeRateSecond, "The application made too many calls in this second.")
	ErrRateDay        = fault.New(fault.TooMany, fault.CodeRateDay, "The application made too many calls today (UTC).")
)

// Faults of managing applications.
var (
	ErrApplicationLimit = fault.New(fault.Conflict, fault.CodeAppLimit, "A user has at most 50 applications.")
	ErrSecretFlow       = fault.New(fault.Conflict, fault.CodeConflict, "Only an application of the authorization code flow has a secret.")
)

// ErrSecretExists is a second secret asked for without saying that the first
// may go: it stops working at once.
var ErrSecretExists = fault.New(fault.Conflict, fault.CodeSecretExists, "The application has a secret; another one ends it at once.")

// Faults of the protocol. Their codes are "oauth." and the protocol's own word
// for them; the sentences are those that clients of the contract know (v3
// contract, POST /token).
var (
	ErrClient         = fault.New(fault.Unauthenticated, fault.CodeOAuthClient, "The client secret supplied for a confidential client is invalid.")
	ErrClientInactive = fault.New(fault.Invalid, fault.CodeAppInactive, "The application is deactivated.")
	ErrRefreshToken   = fault.New(fault.Invalid, fault.CodeOAuthGrant, "The refresh token is invalid or expired.")
	ErrCode           = fault.New(fault.Invalid, fault.CodeOAuthGrant, "The authorization code is invalid or has expired.")
	ErrCodeRedirect   = fault.New(fault.Invalid, fault.CodeOAuthGrant, "The 'redirect_uri' does not match the redirection URI used in the authorization request.")
	ErrVerifier       = fault.New(fault.Invalid, fault.CodeOAuthGrant, "PKCE verification failed.")
	ErrDeviceCode     = fault.New(fault.Invalid, fault.CodeOAuthGrant, "The device code is invalid or was used.")
	ErrScopeBeyond    = fault.New(fault.Invalid, fault.CodeOAuthScope, "The scope goes beyond what was granted.")
	ErrFlow           = fault.New(fault.Invalid, fault.CodeOAuthUnauthorized, "The application is not registered for this flow.")
	ErrOtherClient    = fault.New(fault.Invalid, fault.CodeOAuthUnauthorized, "The token was issued to another client.")
	ErrPending        = fault.New(fault.Invalid, fault.CodeOAuthPending, "The user has not answered yet; ask again after the interval.")
	ErrSlowDown       = fault.New(fault.Invalid, fault.CodeOAuthSlowDown, "Polled too soon; the interval is five seconds longer now.")
	ErrDeviceExpired  = fault.New(fault.Invalid, fault.CodeOAuthExpired, "The device code has expired; begin again.")
	ErrDenied         = fault.New(fault.Invalid, fault.CodeOAuthDenied, "The user refused access.")
	ErrTokenRate      = fault.New(fault.TooMany, fault.CodeOAuthTooMany, "An application with a limit may ask for one token a second.")
	ErrUserCode       = fault.New(fault.NotFound, fault.CodeNotFound, "No device waits with this code; it may have expired.")
)
