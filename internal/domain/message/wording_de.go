package message

import "kith/internal/domain/account"

func german() wording {
	return wording{
		hello:    "Guten Tag{% if FirstName %} [[FirstName]]{% endif %},",
		copyLink: "Der Knopf reagiert nicht? Dann kopieren Sie diese Adresse in Ihren Browser:",
		why: map[Kind]string{
			Welcome:       "Sie erhalten diese E-Mail, weil [[EmailAddress]] bei [[account.OrganizationName]] angemeldet wurde.",
			ConfirmOptIn:  "Sie erhalten diese E-Mail, weil [[EmailAddress]] für E-Mails von [[account.OrganizationName]] eingetragen wurde.",
			OptInReminder: "Sie erhalten diese E-Mail, weil [[EmailAddress]] für E-Mails von [[account.OrganizationName]] eingetragen wurde.",
			UpdateProfile: "Sie erhalten diese E-Mail, weil [[EmailAddress]] für E-Mails von [[account.OrganizationName]] eingetragen wurde.",
			NewAddress:    "Sie erhalten diese E-Mail, weil jemand [[account.OrganizationName]] gebeten hat, an [[EmailAddress]] zu schreiben.",
		},
		preferences: "Auswahl ändern", unsubscribe: "Abmelden",
		sentBy: "In dieser E-Mail geht es um das Konto von [[account.OrganizationName]].",
		hour:   [2]string{"Stunde", "Stunden"}, day: [2]string{"Tag", "Tage"},
		roles: map[account.Role]string{
			account.Owner: "Inhaberin oder Inhaber", account.Manager: "Managerin oder Manager", account.CampaignCreator: "Kampagnenersteller",
		},
		meanings: map[account.Role]string{
			account.Owner:           "mit dieser Rolle darf man alles, auch das Konto und seine Benutzer ändern",
			account.Manager:         "mit dieser Rolle darf man alles, außer das Konto und seine Benutzer zu ändern",
			account.CampaignCreator: "mit dieser Rolle erstellt man Kampagnen und sieht die Listen",
		},
		kinds: map[Kind]said{
			Welcome: {
				subject: "Willkommen bei [[account.OrganizationName]]", preheader: "Schön, dass Sie dabei sind.",
				title: "Herzlich willkommen!",
				says: []string{
					"vielen Dank für Ihre Anmeldung bei [[account.OrganizationName]]. Unsere E-Mails kommen ab jetzt an [[EmailAddress]].",
					"Was Sie bekommen, entscheiden Sie: Am Ende jeder E-Mail finden Sie Links, um Ihre Auswahl zu ändern oder sich abzumelden.",
				},
				label: "Auswahl treffen", opens: "PreferencesLink",
			},
			ConfirmOptIn: {
				subject: "Bitte bestätigen: E-Mails von [[account.OrganizationName]]", preheader: "Nur noch ein Klick, dann sind Sie dabei.",
				title: "Nur noch ein Schritt",
				says: []string{
					"jemand, hoffentlich Sie selbst, hat [[EmailAddress]] für E-Mails von [[account.OrganizationName]] eingetragen.",
					"Mit einem Klick auf den Knopf bestätigen Sie, dass Sie es waren.",
				},
				label: "Ja, ich möchte E-Mails",
				after: []string{"Der Link gilt noch [[GoodFor]].", "Das waren nicht Sie? Dann brauchen Sie nichts zu tun: Ohne den Klick bekommen Sie keine E-Mails von uns."},
			},
			OptInReminder: {
				subject: "Noch interessiert? E-Mails von [[account.OrganizationName]]", preheader: "Es fehlt nur noch Ihr Klick.",
				title: "Sind Sie noch interessiert?",
				says: []string{
					"vor einiger Zeit wurde [[EmailAddress]] für E-Mails von [[account.OrganizationName]] eingetragen. Seitdem haben wir nichts von Ihnen gehört und Ihnen deshalb nichts geschickt.",
					"Wenn Sie unsere E-Mails möchten, klicken Sie bitte auf den Knopf. Wir fragen nicht noch einmal.",
				},
				label: "Ja, ich möchte E-Mails",
				after: []string{"Der Link gilt noch [[GoodFor]].", "Sie möchten keine E-Mails? Dann brauchen Sie nichts zu tun."},
			},
			UpdateProfile: {
				subject: "Was möchten Sie von [[account.OrganizationName]] bekommen?", preheader: "Wir kennen Ihre Adresse schon und haben nichts geändert.",
				title: "Was möchten Sie bekommen?",
				says: []string{
					"jemand, vielleicht Sie selbst, hat [[EmailAddress]] für E-Mails von [[account.OrganizationName]] eingetragen. Wir kennen die Adresse bereits und haben deshalb nichts geändert.",
					"Der Knopf öffnet eine Seite, auf der Sie auswählen, was Sie bekommen möchten.",
				},
				label: "Auswahl treffen",
				after: []string{"Der Link gilt noch [[GoodFor]].", "Das waren nicht Sie, oder Sie möchten keine E-Mails? Dann brauchen Sie nichts zu tun: Alles bleibt, wie es ist."},
			},
			NewAddress: {
				subject: "Bestätigen Sie Ihre neue Adresse für [[account.OrganizationName]]", preheader: "Ein Klick, und unsere E-Mails kommen hierher.",
				title: "Ist das Ihre neue Adresse?",
				says: []string{
					"jemand, hoffentlich Sie selbst, hat [[account.OrganizationName]] gebeten, künftig an [[EmailAddress]] zu schreiben.",
					"Mit einem Klick auf den Knopf bestätigen Sie, dass E-Mails an diese Adresse Sie erreichen.",
				},
				label: "Ja, das ist meine Adresse",
				after: []string{"Der Link gilt noch [[GoodFor]].", "Sie wissen nichts davon? Dann brauchen Sie nichts zu tun: Ohne den Klick wird nichts hierher geschickt."},
			},
			Confirmation: {
				subject: "Bestätigen Sie Ihre E-Mail-Adresse", preheader: "Ein Klick zeigt uns, dass E-Mails Sie erreichen.",
				title: "Bestätigen Sie Ihre E-Mail-Adresse",
				says: []string{
					"jemand, hoffentlich Sie selbst, hat [[EmailAddress]] als Adresse einer Benutzerin oder eines Benutzers von [[account.OrganizationName]] angegeben.",
					"Mit einem Klick auf den Knopf bestätigen Sie, dass E-Mails an diese Adresse Sie erreichen.",
				},
				label: "Adresse bestätigen",
				after: []string{"Der Link funktioniert einmal, noch [[GoodFor]] lang.", "Das waren nicht Sie? Dann brauchen Sie nichts zu tun: Ohne den Klick bleibt die Adresse unbestätigt."},
			},
			SenderCheck: {
				subject: "Bestätigen Sie [[EmailAddress]] für [[account.OrganizationName]]", preheader: "Dürfen E-Mails von Ihrer Adresse verschickt werden?",
				title: "Dürfen von dieser Adresse E-Mails verschickt werden?",
				says: []string{
					"jemand von [[account.OrganizationName]] möchte E-Mails mit dem Absender [[EmailAddress]] verschicken.",
					"Mit einem Klick auf den Knopf bestätigen Sie, dass die Adresse Ihnen gehört und Sie einverstanden sind.",
				},
				label: "Adresse bestätigen",
				after: []string{"Der Link funktioniert einmal, noch [[GoodFor]] lang.", "Sie wissen nicht, von wem diese E-Mail kommt? Dann brauchen Sie nichts zu tun: Ohne den Klick wird nichts von Ihrer Adresse verschickt."},
			},
			Reset: {
				subject: "Neues Passwort wählen", preheader: "Der Link, um den Sie gebeten haben.",
				title: "Neues Passwort wählen",
				says:  []string{"für [[EmailAddress]] wurde ein neues Passwort angefordert."},
				label: "Neues Passwort wählen",
				after: []string{"Der Link funktioniert einmal, noch [[GoodFor]] lang.", "Sie haben nicht darum gebeten? Dann brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist."},
			},
			Invitation: {
				subject: "[[Host]] lädt Sie zu [[account.OrganizationName]] ein", preheader: "Eine Einladung zu einem Konto.",
				title: "Sie sind eingeladen",
				says:  []string{"[[Host]] bittet Sie, bei [[account.OrganizationName]] mitzuarbeiten, und zwar als [[Role]]: [[RoleMeaning]]."},
				label: "Einladung annehmen",
				after: []string{"Der Link funktioniert einmal, noch [[GoodFor]] lang.", "Sie wissen nicht, von wem diese E-Mail kommt? Dann brauchen Sie nichts zu tun, und nichts geschieht."},
			},
		},
	}
}
