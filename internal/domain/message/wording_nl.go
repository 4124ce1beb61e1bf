package message

import "kith/internal/domain/account"

func dutch() wording {
	return wording{
		hello:    "Goedendag{% if FirstName %} [[FirstName]]{% endif %},",
		copyLink: "Werkt de knop niet? Kopieer dan dit adres naar uw browser:",
		why: map[Kind]string{
			Welcome:       "U ontvangt dit bericht omdat [[EmailAddress]] zich heeft aangemeld bij [[account.OrganizationName]].",
			ConfirmOptIn:  "U ontvangt dit bericht omdat [[EmailAddress]] is ingevuld om berichten van [[account.OrganizationName]] te ontvangen.",
			OptInReminder: "U ontvangt dit bericht omdat [[EmailAddress]] is ingevuld om berichten van [[account.OrganizationName]] te ontvangen.",
			UpdateProfile: "U ontvangt dit bericht omdat [[EmailAddress]] is ingevuld om berichten van [[account.OrganizationName]] te ontvangen.",
			NewAddress:    "U ontvangt dit bericht omdat iemand [[account.OrganizationName]] heeft gevraagd naar [[EmailAddress]] te schrijven.",
		},
		preferences: "Mijn keuze wijzigen", unsubscribe: "Afmelden",
		sentBy: "Dit bericht gaat over het account van [[account.OrganizationName]].",
		hour:   [2]string{"uur", "uur"}, day: [2]string{"dag", "dagen"},
		roles: map[account.Role]string{
			account.Owner: "eigenaar", account.Manager: "beheerder", account.CampaignCreator: "campagnemaker",
		},
		meanings: map[account.Role]string{
			account.Owner:           "met deze rol mag men alles, ook het account en de gebruikers wijzigen",
			account.Manager:         "met deze rol mag men alles, behalve het account en de gebruikers wijzigen",
			account.CampaignCreator: "met deze rol maakt men campagnes en ziet men de lijsten",
		},
		kinds: map[Kind]said{
			Welcome: {
				subject: "Welkom bij [[account.OrganizationName]]", preheader: "Fijn dat u erbij bent.",
				title: "Van harte welkom!",
				says: []string{
					"Bedankt voor uw aanmelding bij [[account.OrganizationName]]. Vanaf nu ontvangt u onze berichten op [[EmailAddress]].",
					"U bepaalt zelf wat u ontvangt: met de links onderaan elk bericht wijzigt u uw keuze of meldt u zich af.",
				},
				label: "Kiezen wat ik ontvang", opens: "PreferencesLink",
			},
			ConfirmOptIn: {
				subject: "Bevestig alstublieft: berichten van [[account.OrganizationName]]", preheader: "Eén klik en uw aanmelding is rond.",
				title: "Nog één stap",
				says: []string{
					"Iemand, hopelijk uzelf, heeft [[EmailAddress]] ingevuld om berichten van [[account.OrganizationName]] te ontvangen.",
					"Met één klik op de knop bevestigt u dat u het was.",
				},
				label: "Ja, stuur mij berichten",
				after: []string{"De link is [[GoodFor]] geldig.", "Was u het niet? Dan hoeft u niets te doen: zonder die klik ontvangt u geen berichten van ons."},
			},
			OptInReminder: {
				subject: "Nog steeds interesse? Berichten van [[account.OrganizationName]]", preheader: "Alleen uw klik ontbreekt nog.",
				title: "Hebt u nog steeds interesse?",
				says: []string{
					"Enige tijd geleden is [[EmailAddress]] ingevuld om berichten van [[account.OrganizationName]] te ontvangen. Sindsdien hebben wij niets van u gehoord en u daarom niets gestuurd.",
					"Wilt u onze berichten ontvangen, klik dan op de knop. Wij vragen het niet nog een keer.",
				},
				label: "Ja, stuur mij berichten",
				after: []string{"De link is [[GoodFor]] geldig.", "Wilt u ze niet? Dan hoeft u niets te doen."},
			},
			UpdateProfile: {
				subject: "Wat wilt u van [[account.OrganizationName]] ontvangen?", preheader: "Wij kennen uw adres al en hebben niets gewijzigd.",
				title: "Wat wilt u ontvangen?",
				says: []string{
					"Iemand, misschien uzelf, heeft [[EmailAddress]] ingevuld om berichten van [[account.OrganizationName]] te ontvangen. Wij kennen dat adres al en hebben daarom niets gewijzigd.",
					"De knop opent een pagina waarop u kiest wat u wilt ontvangen.",
				},
				label: "Kiezen wat ik ontvang",
				after: []string{"De link is [[GoodFor]] geldig.", "Was u het niet, of wilt u geen berichten? Dan hoeft u niets te doen: alles blijft zoals het is."},
			},
			NewAddress: {
				subject: "Bevestig uw nieuwe adres voor [[account.OrganizationName]]", preheader: "Eén klik en onze berichten komen hier aan.",
				title: "Is dit uw nieuwe adres?",
				says: []string{
					"Iemand, hopelijk uzelf, heeft [[account.OrganizationName]] gevraagd voortaan naar [[EmailAddress]] te schrijven.",
					"Met één klik op de knop bevestigt u dat berichten op dit adres u bereiken.",
				},
				label: "Ja, dit is mijn adres",
				after: []string{"De link is [[GoodFor]] geldig.", "Weet u hier niets van? Dan hoeft u niets te doen: zonder die klik wordt hier niets naartoe gestuurd."},
			},
			Confirmation: {
				subject: "Bevestig uw e-mailadres", preheader: "Met één klik weten wij dat berichten u bereiken.",
				title: "Bevestig uw e-mailadres",
				says: []string{
					"Iemand, hopelijk uzelf, heeft [[EmailAddress]] opgegeven als adres van een gebruiker van [[account.OrganizationName]].",
					"Met één klik op de knop bevestigt u dat berichten op dit adres u bereiken.",
				},
				label: "Dit adres bevestigen",
				after: []string{"De link werkt één keer, gedurende [[GoodFor]].", "Was u het niet? Dan hoeft u niets te doen: zonder die klik blijft het adres onbevestigd."},
			},
			SenderCheck: {
				subject: "Bevestig [[EmailAddress]] voor [[account.OrganizationName]]", preheader: "Mogen er berichten vanaf uw adres worden verstuurd?",
				title: "Mogen er berichten vanaf dit adres worden verstuurd?",
				says: []string{
					"Iemand van [[account.OrganizationName]] wil berichten versturen vanaf [[EmailAddress]].",
					"Met één klik op de knop bevestigt u dat het adres van u is en dat u akkoord gaat.",
				},
				label: "Dit adres bevestigen",
				after: []string{"De link werkt één keer, gedurende [[GoodFor]].", "Weet u niet van wie dit bericht komt? Dan hoeft u niets te doen: zonder die klik wordt er niets vanaf uw adres verstuurd."},
			},
			Reset: {
				subject: "Kies een nieuw wachtwoord", preheader: "De link waarom u hebt gevraagd.",
				title: "Kies een nieuw wachtwoord",
				says:  []string{"Er is een nieuw wachtwoord aangevraagd voor [[EmailAddress]]."},
				label: "Een nieuw wachtwoord kiezen",
				after: []string{"De link werkt één keer, gedurende [[GoodFor]].", "Hebt u er niet om gevraagd? Dan hoeft u niets te doen: uw wachtwoord blijft zoals het is."},
			},
			Invitation: {
				subject: "[[Host]] nodigt u uit voor [[account.OrganizationName]]", preheader: "Een uitnodiging voor een account.",
				title: "U bent uitgenodigd",
				says:  []string{"[[Host]] vraagt u zich bij [[account.OrganizationName]] aan te sluiten als [[Role]]: [[RoleMeaning]]."},
				label: "De uitnodiging aannemen",
				after: []string{"De link werkt één keer, gedurende [[GoodFor]].", "Weet u niet van wie dit bericht komt? Dan hoeft u niets te doen en gebeurt er niets."},
			},
		},
	}
}
