package oauth

// End says why a grant ended. It is stored.
type End string

// The ends of a grant.
const (
	EndReplaced End = "replaced" // by a newer consent: its access tokens live on until they expire
	EndReused   End = "reused"   // a spent code or refresh token came again
	EndRevoked  End = "revoked"  // by its user, or by the application
	EndRemoved  End = "removed"  // with its application
)
