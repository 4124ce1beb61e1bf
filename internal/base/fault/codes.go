package fault

import "slices"

// Code is a stable, dotted name of a failure. Clients and the help pages rely
// on it: a code is never renamed or given another meaning.
type Code string

// The codes that more than one room uses. A capability's own codes stand
// beside its sentinels and are registered below, in All.
const (
	CodeInternal       Code = "server.internal"
	CodeUnavailable    Code = "server.unavailable"
	CodeInvalid        Code = "request.invalid"
	CodeMalformed      Code = "request.malformed"
	CodeTooLarge       Code = "request.too_large"
	CodeMediaType      Code = "request.media_type"
	CodeMethod         Code = "request.method"
	CodeAccept         Code = "request.accept"
	CodeKey            Code = "access.api_key"
	CodeRoute          Code = "request.route"
	CodeCursor         Code = "request.cursor"
	CodeNotBuilt       Code = "operation.not_built"
	CodeNotFound       Code = "resource.not_found"
	CodeConflict       Code = "resource.conflict"
	CodeBusy           Code = "resource.busy"
	CodeLimit          Code = "resource.limit"
	CodeHTTPSRequired  Code = "request.https_required"
	CodeRateSecond     Code = "limit.per_second"
	CodeRateDay        Code = "limit.per_day"
	CodeAttempts       Code = "limit.attempts"
	CodeTokenMissing   Code = "token.missing"
	CodeTokenMalformed Code = "token.malformed"
	CodeTokenExpired   Code = "token.expired"
	CodeTokenRevoked   Code = "token.revoked"
	CodeTokenForeign   Code = "token.foreign"
	CodeSession        Code = "session.missing"
	CodeCrossOrigin    Code = "session.cross_origin"
	CodeScope          Code = "access.scope"
	CodePrivilege      Code = "access.privilege"
	CodeAppInactive    Code = "access.application_inactive"
	CodeSuspended      Code = "access.account_suspended"
	CodeClosed         Code = "access.account_closed"
	CodeOtherAccount   Code = "access.other_account"

	CodeCredentials       Code = "user.credentials"
	CodeUserTaken         Code = "user.taken"
	CodeMember            Code = "user.member"
	CodeLastOwner         Code = "user.last_owner"
	CodeSignupClosed      Code = "signup.closed"
	CodeSetupCode         Code = "signup.setup_code"
	CodeLink              Code = "link.invalid"
	CodeAppLimit          Code = "application.limit"
	CodeSecretExists      Code = "application.secret.exists"
	CodeRedirectMismatch  Code = "oauth.redirect_mismatch"
	CodeOAuthClient       Code = "oauth.invalid_client"
	CodeOAuthGrant        Code = "oauth.invalid_grant"
	CodeOAuthRequest      Code = "oauth.invalid_request"
	CodeOAuthScope        Code = "oauth.invalid_scope"
	CodeOAuthGrantType    Code = "oauth.unsupported_grant_type"
	CodeOAuthResponseType Code = "oauth.unsupported_response_type"
	CodeOAuthUnauthorized Code = "oauth.unauthorized_client"
	CodeOAuthDenied       Code = "oauth.access_denied"
	CodeOAuthPending      Code = "oauth.authorization_pending"
	CodeOAuthSlowDown     Code = "oauth.slow_down"
	CodeOAuthExpired      Code = "oauth.expired_token"
	CodeOAuthTooMany      Code = "oauth.too_many_requests"

	CodeAddressTaken   Code = "contact.address.taken"
	CodeSMSTaken       Code = "contact.sms.taken"
	CodeUnsubscribed   Code = "contact.unsubscribed"
	CodeContactDeleted Code = "contact.deleted"
	CodeErased         Code = "contact.erased"
	CodeAsked          Code = "contact.asked"
	CodeFieldTaken     Code = "field.label.taken"
	CodeSlotTaken      Code = "field.slot.taken"
	CodeTagTaken       Code = "tag.name.taken"
	CodeListTaken      Code = "list.name.taken"
	CodeListLimit      Code = "list.limit"
	CodeListLast       Code = "list.last"
	CodeSegmentTaken   Code = "segment.name.taken"
	CodeQueueFull      Code = "activity.queue_full"
	CodeImportTooLarge Code = "import.too_large"
	CodeImportHeading  Code = "import.heading"
	CodeImportFile     Code = "import.file"
	CodeExportPending  Code = "export.pending"
	CodeMailState      Code = "mail.state"
	CodePhysical       Code = "account.physical_address.present"
	CodeSenderTaken    Code = "account.email.taken"
	CodeSenderLimit    Code = "account.email.limit"
	CodeFormClosed     Code = "form.closed"
	CodeDomainTaken    Code = "account.domain.taken"
	CodeNoticeForged   Code = "notice.forged"
	CodeNoticeReplayed Code = "notice.replayed"
	CodeNoticeOld      Code = "notice.too_old"
)

// All returns every code, sorted. A test compares it with the help pages.
func All() []Code {
	all := []Code{
		CodeInternal, CodeUnavailable, CodeInvalid, CodeMalformed, CodeTooLarge, CodeMediaType, CodeMethod, CodeAccept, CodeKey,
		CodeRoute, CodeCursor, CodeNotBuilt, CodeNotFound, CodeConflict, CodeBusy, CodeLimit, CodeHTTPSRequired,
		CodeRateSecond, CodeRateDay, CodeAttempts, CodeTokenMissing, CodeTokenMalformed, CodeTokenExpired,
		CodeTokenRevoked, CodeTokenForeign, CodeSession, CodeCrossOrigin, CodeScope, CodePrivilege, CodeAppInactive,
		CodeSuspended, CodeClosed, CodeOtherAccount, CodeCredentials, CodeUserTaken, CodeMember, CodeLastOwner, CodeSignupClosed,
		CodeSetupCode, CodeLink, CodeAppLimit, CodeSecretExists, CodeRedirectMismatch, CodeOAuthClient,
		CodeOAuthGrant, CodeOAuthRequest, CodeOAuthScope, CodeOAuthGrantType, CodeOAuthResponseType,
		CodeOAuthUnauthorized, CodeOAuthDenied, CodeOAuthPending, CodeOAuthSlowDown, CodeOAuthExpired, CodeOAuthTooMany,
		CodeAddressTaken, CodeSMSTaken, CodeUnsubscribed, CodeContactDeleted, CodeErased, CodeAsked, CodeFieldTaken, CodeSlotTaken, CodeTagTaken,
		CodeListTaken, CodeListLimit, CodeListLast, CodeSegmentTaken,
		CodeQueueFull, CodeImportTooLarge, CodeImportHeading, CodeImportFile, CodeExportPending, CodeMailState,
		CodePhysical, CodeSenderTaken, CodeSenderLimit, CodeFormClosed,
		CodeDomainTaken, CodeNoticeForged, CodeNoticeReplayed, CodeNoticeOld,
	}
	slices.Sort(all)
	return all
}

// Sentinels that more than one room returns.
var (
	ErrInvalid     = New(Invalid, CodeInvalid, "The request has faults.")
	ErrMalformed   = New(Invalid, CodeMalformed, "The body could not be read.")
	ErrCursor      = New(Invalid, CodeCursor, "The cursor is not valid here.")
	ErrNotFound    = New(NotFound, CodeNotFound, "There is nothing with this id.")
	ErrConflict    = New(Conflict, CodeConflict, "This contradicts something that exists.")
	ErrBusy        = New(Unavailable, CodeBusy, "The database is busy; try again.")
	ErrUnavailable = New(Unavailable, CodeUnavailable, "The server cannot do this now; try again.")
	ErrPrivilege   = New(Forbidden, CodePrivilege, "Your role does not allow this.")
	ErrScope       = New(Forbidden, CodeScope, "The token lacks the scope for this.")
)
