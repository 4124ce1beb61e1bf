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
