package message

import "kith/internal/domain/account"

func italian() wording {
	return wording{
		hello:    "Buongiorno{% if FirstName %} [[FirstName]]{% endif %},",
		copyLink: "Il pulsante non funziona? Copi questo indirizzo nel Suo browser:",
		why: map[Kind]string{
			Welcome:       "Riceve questo messaggio perché [[EmailAddress]] si è iscritto presso [[account.OrganizationName]].",
			ConfirmOptIn:  "Riceve questo messaggio perché l’indirizzo [[EmailAddress]] è stato inserito per ricevere i messaggi di [[account.OrganizationName]].",
			OptInReminder: "Riceve questo messaggio perché l’indirizzo [[EmailAddress]] è stato inserito per ricevere i messaggi di [[account.OrganizationName]].",
			UpdateProfile: "Riceve questo messaggio perché l’indirizzo [[EmailAddress]] è stato inserito per ricevere i messaggi di [[account.OrganizationName]].",
			NewAddress:    "Riceve questo messaggio perché qualcuno ha chiesto a [[account.OrganizationName]] di scrivere a [[EmailAddress]].",
		},
		preferences: "Modificare le preferenze", unsubscribe: "Annullare l’iscrizione",
		sentBy: "Questo messaggio riguarda l’account di [[account.OrganizationName]].",
		hour:   [2]string{"ora", "ore"}, day: [2]string{"giorno", "giorni"},
		roles: map[account.Role]string{
			account.Owner: "proprietario", account.Manager: "gestore", account.CampaignCreator: "creatore di campagne",
		},
		meanings: map[account.Role]string{
			account.Owner:           "con questo ruolo si può fare tutto, anche modificare l’account e i suoi utenti",
			account.Manager:         "con questo ruolo si può fare tutto, tranne modificare l’account e i suoi utenti",
			account.CampaignCreator: "con questo ruolo si creano campagne e si vedono le liste",
		},
		kinds: map[Kind]said{
			Welcome: {
				subject: "Le diamo il benvenuto: [[account.OrganizationName]]", preheader: "Siamo lieti di averLa con noi.",
				title: "Le diamo il benvenuto!",
				says: []string{
					"Grazie per l’iscrizione presso [[account.OrganizationName]]. D’ora in poi i nostri messaggi Le arriveranno all’indirizzo [[EmailAddress]].",
					"È Lei a decidere che cosa ricevere: con i link in fondo a ogni nostro messaggio può cambiare le Sue preferenze o annullare l’iscrizione.",
				},
				label: "Scegliere che cosa ricevere", opens: "PreferencesLink",
			},
			ConfirmOptIn: {
				subject: "Confermi, per favore: messaggi di [[account.OrganizationName]]", preheader: "Un clic e l’iscrizione è completa.",
				title: "Manca solo un passo",
				says: []string{
					"Qualcuno, speriamo Lei, ha inserito l’indirizzo [[EmailAddress]] per ricevere i messaggi di [[account.OrganizationName]].",
					"Con un clic sul pulsante ci conferma che è stato Lei.",
				},
				label: "Sì, desidero riceverli",
				after: []string{"Il link è valido per [[GoodFor]].", "Non è stato Lei? Allora non deve fare nulla: senza quel clic non riceverà alcun nostro messaggio."},
			},
			OptInReminder: {
				subject: "Ancora di Suo interesse? Messaggi di [[account.OrganizationName]]", preheader: "Manca solo il Suo clic.",
				title: "I nostri messaggi Le interessano ancora?",
				says: []string{
					"Qualche tempo fa l’indirizzo [[EmailAddress]] è stato inserito per ricevere i messaggi di [[account.OrganizationName]]. Da allora non abbiamo avuto risposta e perciò non Le abbiamo inviato nulla.",
					"Se desidera i nostri messaggi, faccia clic sul pulsante. Non chiederemo più.",
				},
				label: "Sì, desidero riceverli",
				after: []string{"Il link è valido per [[GoodFor]].", "Non li desidera? Allora non deve fare nulla."},
			},
			UpdateProfile: {
				subject: "Che cosa desidera ricevere da [[account.OrganizationName]]?", preheader: "Conosciamo già il Suo indirizzo e non abbiamo cambiato nulla.",
				title: "Che cosa desidera ricevere?",
				says: []string{
					"Qualcuno, forse Lei, ha inserito l’indirizzo [[EmailAddress]] per ricevere i messaggi di [[account.OrganizationName]]. Lo conosciamo già, perciò non abbiamo cambiato nulla.",
					"Il pulsante apre una pagina in cui può scegliere che cosa ricevere.",
				},
				label: "Scegliere che cosa ricevere",
				after: []string{"Il link è valido per [[GoodFor]].", "Non è stato Lei, o non desidera messaggi? Allora non deve fare nulla: tutto resta com’è."},
			},
			NewAddress: {
				subject: "Confermi il Suo nuovo indirizzo per [[account.OrganizationName]]", preheader: "Un clic e i nostri messaggi arriveranno qui.",
				title: "È questo il Suo nuovo indirizzo?",
				says: []string{
					"Qualcuno, speriamo Lei, ha chiesto a [[account.OrganizationName]] di scrivere d’ora in poi a [[EmailAddress]].",
					"Con un clic sul pulsante ci conferma che i messaggi a questo indirizzo Le arrivano.",
				},
				label: "Sì, è il mio indirizzo",
				after: []string{"Il link è valido per [[GoodFor]].", "Non ne sa nulla? Allora non deve fare nulla: senza quel clic qui non verrà inviato nulla."},
			},
			Confirmation: {
				subject: "Confermi il Suo indirizzo e-mail", preheader: "Un clic ci conferma che i messaggi Le arrivano.",
				title: "Confermi il Suo indirizzo e-mail",
				says: []string{
					"Qualcuno, speriamo Lei, ha indicato [[EmailAddress]] come indirizzo di un utente di [[account.OrganizationName]].",
					"Con un clic sul pulsante ci conferma che i messaggi a questo indirizzo Le arrivano.",
				},
				label: "Confermare questo indirizzo",
				after: []string{"Il link funziona una volta sola, per [[GoodFor]].", "Non è stato Lei? Allora non deve fare nulla: senza quel clic l’indirizzo resta non confermato."},
			},
			SenderCheck: {
				subject: "Confermi [[EmailAddress]] per [[account.OrganizationName]]", preheader: "Si possono inviare messaggi dal Suo indirizzo?",
				title: "Si possono inviare messaggi da questo indirizzo?",
				says: []string{
					"Qualcuno di [[account.OrganizationName]] desidera inviare messaggi dall’indirizzo [[EmailAddress]].",
					"Con un clic sul pulsante ci conferma che l’indirizzo è Suo e che è d’accordo.",
				},
				label: "Confermare questo indirizzo",
				after: []string{"Il link funziona una volta sola, per [[GoodFor]].", "Non sa di chi sia questo messaggio? Allora non deve fare nulla: senza quel clic non verrà inviato nulla dal Suo indirizzo."},
			},
			Reset: {
				subject: "Scelga una nuova password", preheader: "Il link che ha richiesto.",
				title: "Scelga una nuova password",
				says:  []string{"È stata richiesta una nuova password per [[EmailAddress]]."},
				label: "Scegliere una nuova password",
				after: []string{"Il link funziona una volta sola, per [[GoodFor]].", "Non l’ha richiesta Lei? Allora non deve fare nulla: la Sua password resta com’è."},
			},
			Invitation: {
				subject: "[[Host]] La invita in [[account.OrganizationName]]", preheader: "Un invito in un account.",
				title: "Ha ricevuto un invito",
				says:  []string{"[[Host]] Le propone di entrare in [[account.OrganizationName]] come [[Role]]: [[RoleMeaning]]."},
				label: "Accettare l’invito",
				after: []string{"Il link funziona una volta sola, per [[GoodFor]].", "Non sa di chi sia questo messaggio? Allora non deve fare nulla, e non succederà nulla."},
			},
		},
	}
}
