package message

import "kith/internal/domain/account"

func english() wording {
	return wording{
		hello:    "Hello{% if FirstName %} [[FirstName]]{% endif %},",
		copyLink: "The button does not work? Copy this address into your browser:",
		why: map[Kind]string{
			Welcome:       "You get this mail because [[EmailAddress]] signed up with [[account.OrganizationName]].",
			ConfirmOptIn:  "You get this mail because [[EmailAddress]] was entered to get mail from [[account.OrganizationName]].",
			OptInReminder: "You get this mail because [[EmailAddress]] was entered to get mail from [[account.OrganizationName]].",
			UpdateProfile: "You get this mail because [[EmailAddress]] was entered to get mail from [[account.OrganizationName]].",
			NewAddress:    "You get this mail because somebody asked [[account.OrganizationName]] to write to [[EmailAddress]].",
		},
		preferences: "Change what you get", unsubscribe: "Unsubscribe",
		sentBy: "This mail is about the account of [[account.OrganizationName]].",
		hour:   [2]string{"hour", "hours"}, day: [2]string{"day", "days"},
		roles: map[account.Role]string{account.Owner: "an owner", account.Manager: "a manager", account.CampaignCreator: "a campaign creator"},
		meanings: map[account.Role]string{
			account.Owner:           "owners may do everything, also change the account and its users",
			account.Manager:         "managers may do everything but change the account and its users",
			account.CampaignCreator: "campaign creators make campaigns and see the lists",
		},
		kinds: map[Kind]said{
			Welcome: {
				subject: "Welcome to [[account.OrganizationName]]", preheader: "Good to have you with us.",
				title: "Welcome!",
				says: []string{
					"Thank you for signing up with [[account.OrganizationName]]. From now on our mail reaches you at [[EmailAddress]].",
					"What you get is up to you: change it at any time, or leave, by the links at the foot of each of our mails.",
				},
				label: "Choose what you get", opens: "PreferencesLink",
			},
			ConfirmOptIn: {
				subject: "Please confirm: mail from [[account.OrganizationName]]", preheader: "One press of a button, and you are on the list.",
				title: "One more step",
				says: []string{
					"Somebody, we hope you, entered [[EmailAddress]] to get mail from [[account.OrganizationName]].",
					"One press of the button tells us that it was you.",
				},
				label: "Yes, send me mail",
				after: []string{"The link is good for [[GoodFor]].", "It was not you? Then there is nothing to do: without the button you get no mail from us."},
			},
			OptInReminder: {
				subject: "Still interested? Mail from [[account.OrganizationName]]", preheader: "We are waiting for one press of a button.",
				title: "Still interested?",
				says: []string{
					"Some time ago [[EmailAddress]] was entered to get mail from [[account.OrganizationName]]. We have not heard from you since, so we have sent you nothing.",
					"If you want our mail, please press the button. We do not ask again.",
				},
				label: "Yes, send me mail",
				after: []string{"The link is good for [[GoodFor]].", "You do not want it? Then there is nothing to do."},
			},
			UpdateProfile: {
				subject: "What would you like to get from [[account.OrganizationName]]?", preheader: "We know your address already and changed nothing.",
				title: "What would you like to get?",
				says: []string{
					"Somebody, perhaps you, entered [[EmailAddress]] to get mail from [[account.OrganizationName]]. We know the address already, so we changed nothing.",
					"The button opens a page on which you choose what you would like to get.",
				},
				label: "Choose what you get",
				after: []string{"The link is good for [[GoodFor]].", "It was not you, or you want no mail? Then leave this alone: everything stays as it is."},
			},
			NewAddress: {
				subject: "Confirm your new address for [[account.OrganizationName]]", preheader: "One press of a button, and our mail goes here.",
				title: "Is this your new address?",
				says: []string{
					"Somebody, we hope you, asked [[account.OrganizationName]] to write to [[EmailAddress]] from now on.",
					"One press of the button tells us that mail to it reaches you.",
				},
				label: "Yes, this is my address",
				after: []string{"The link is good for [[GoodFor]].", "You know nothing of this? Then there is nothing to do: without the button nothing is sent here."},
			},
			Confirmation: {
				subject: "Confirm your email address", preheader: "One press of a button tells us that mail reaches you.",
				title: "Confirm your email address",
				says: []string{
					"Somebody, we hope you, made [[EmailAddress]] the address of a user of [[account.OrganizationName]].",
					"One press of a button tells us that mail to it reaches you.",
				},
				label: "Confirm this address",
				after: []string{"The link works once, for [[GoodFor]].", "It was not you? Then there is nothing to do: without the button the address stays unconfirmed."},
			},
			SenderCheck: {
				subject: "Confirm [[EmailAddress]] for [[account.OrganizationName]]", preheader: "May mail be sent from your address?",
				title: "May mail be sent from this address?",
				says: []string{
					"Somebody of [[account.OrganizationName]] wants to send mail from [[EmailAddress]].",
					"One press of a button tells us that the address is yours, and that you agree.",
				},
				label: "Confirm this address",
				after: []string{"The link works once, for [[GoodFor]].", "You do not know who this is from? Then leave this mail alone: without the button nothing is sent from your address."},
			},
			Reset: {
				subject: "Choose a new password", preheader: "The link that you asked for.",
				title: "Choose a new password",
				says:  []string{"A new password was asked for, for [[EmailAddress]]."},
				label: "Choose a new password",
				after: []string{"The link works once, for [[GoodFor]].", "You did not ask? Then leave this mail alone: your password stays as it is."},
			},
			Invitation: {
				subject: "[[Host]] invites you to [[account.OrganizationName]]", preheader: "An invitation to an account.",
				title: "You are invited",
				says:  []string{"[[Host]] asks you to join [[account.OrganizationName]] as [[Role]]: [[RoleMeaning]]."},
				label: "Accept the invitation",
				after: []string{"The link works once, for [[GoodFor]].", "You do not know who this is from? Then leave this mail alone, and nothing happens."},
			},
		},
	}
}
