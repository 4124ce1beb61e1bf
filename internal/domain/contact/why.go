package contact

// Why is the reason for which a contact got the mail that they got, or none.
// It is stored with the change that it belongs to and told in the history.
type Why string

// The reasons.
const (
	// WhyOwnAct: they came by their own act, and are welcomed or asked.
	WhyOwnAct Why = "own_act"
	// WhyConfirmed: they confirmed, and are welcomed.
	WhyConfirmed Why = "confirmed"
	// WhyOwnerAsked: the account's users wish that they be asked.
	WhyOwnerAsked Why = "owner_asked"
	// WhyOptedOut: they opted out themselves and are added again by somebody
	// who may be anybody, so they are asked.
	WhyOptedOut Why = "opted_out"
	// WhyNoAnswer: they have not answered and are reminded, or the time for
	// an answer is over.
	WhyNoAnswer Why = "no_answer"

	// WhyOwnerAdded: the account's users added them; that is no mail's
	// business.
	WhyOwnerAdded Why = "owner_added"
	// WhyKnownBefore: the account knew them before, so nobody welcomes them.
	WhyKnownBefore Why = "known_before"
	// WhyWelcomedBefore: they were welcomed once already.
	WhyWelcomedBefore Why = "welcomed_before"
	// WhyWelcomeOff: neither the account nor a list welcomes anybody.
	WhyWelcomeOff Why = "welcome_off"
	// WhyAskedRecently: they were asked so lately, or so often, that it would
	// pester them.
	WhyAskedRecently Why = "asked_recently"
	// WhyRestored: they were deleted and came back.
	WhyRestored Why = "restored"
	// WhyNotMailable: they may not be mailed, or have no address.
	WhyNotMailable Why = "not_mailable"
	// WhyImport, WhyBulk, WhyCopied: they came with many others, from a file,
	// by bulk work, from another server.
	WhyImport Why = "import"
	WhyBulk   Why = "bulk"
	WhyCopied Why = "copied"
)
