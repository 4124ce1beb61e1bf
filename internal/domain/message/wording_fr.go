package message

import "kith/internal/domain/account"

func french() wording {
	return wording{
		hello:    "Bonjour{% if FirstName %} [[FirstName]]{% endif %},",
		copyLink: "Le bouton ne fonctionne pas ? Copiez cette adresse dans votre navigateur :",
		why: map[Kind]string{
			Welcome:       "Vous recevez ce message parce que [[EmailAddress]] s’est inscrit auprès de [[account.OrganizationName]].",
			ConfirmOptIn:  "Vous recevez ce message parce que l’adresse [[EmailAddress]] a été saisie pour recevoir les messages de [[account.OrganizationName]].",
			OptInReminder: "Vous recevez ce message parce que l’adresse [[EmailAddress]] a été saisie pour recevoir les messages de [[account.OrganizationName]].",
			UpdateProfile: "Vous recevez ce message parce que l’adresse [[EmailAddress]] a été saisie pour recevoir les messages de [[account.OrganizationName]].",
			NewAddress:    "Vous recevez ce message parce que quelqu’un a demandé à [[account.OrganizationName]] d’écrire à [[EmailAddress]].",
		},
		preferences: "Modifier mes choix", unsubscribe: "Me désinscrire",
		sentBy: "Ce message concerne le compte de [[account.OrganizationName]].",
		hour:   [2]string{"heure", "heures"}, day: [2]string{"jour", "jours"},
		roles: map[account.Role]string{
			account.Owner: "propriétaire", account.Manager: "gestionnaire", account.CampaignCreator: "créateur de campagnes",
		},
		meanings: map[account.Role]string{
			account.Owner:           "ce rôle permet de tout faire, y compris de modifier le compte et ses utilisateurs",
			account.Manager:         "ce rôle permet de tout faire, sauf modifier le compte et ses utilisateurs",
			account.CampaignCreator: "ce rôle permet de créer des campagnes et de voir les listes",
		},
		kinds: map[Kind]said{
			Welcome: {
				subject: "Bienvenue chez [[account.OrganizationName]]", preheader: "Nous sommes heureux de vous compter parmi nous.",
				title: "Bienvenue !",
				says: []string{
					"Merci de votre inscription auprès de [[account.OrganizationName]]. Désormais, nos messages vous parviendront à l’adresse [[EmailAddress]].",
					"C’est vous qui choisissez ce que vous recevez : les liens au bas de chacun de nos messages vous permettent de modifier vos choix ou de vous désinscrire.",
				},
				label: "Choisir ce que je reçois", opens: "PreferencesLink",
			},
			ConfirmOptIn: {
				subject: "Merci de confirmer : les messages de [[account.OrganizationName]]", preheader: "Un clic, et votre inscription est faite.",
				title: "Encore une étape",
				says: []string{
					"Quelqu’un, vous-même nous l’espérons, a saisi l’adresse [[EmailAddress]] pour recevoir les messages de [[account.OrganizationName]].",
					"Un clic sur le bouton nous confirme que c’était bien vous.",
				},
				label: "Oui, je veux vos messages",
				after: []string{"Le lien est valable [[GoodFor]].", "Ce n’était pas vous ? Vous n’avez rien à faire : sans ce clic, vous ne recevrez aucun message de notre part."},
			},
			OptInReminder: {
				subject: "Toujours intéressé ? Les messages de [[account.OrganizationName]]", preheader: "Il ne manque plus que votre clic.",
				title: "Nos messages vous intéressent-ils toujours ?",
				says: []string{
					"Il y a quelque temps, l’adresse [[EmailAddress]] a été saisie pour recevoir les messages de [[account.OrganizationName]]. Sans nouvelles de votre part, nous ne vous avons rien envoyé.",
					"Si vous souhaitez nos messages, cliquez sur le bouton. Nous ne poserons plus la question.",
				},
				label: "Oui, je veux vos messages",
				after: []string{"Le lien est valable [[GoodFor]].", "Vous n’en voulez pas ? Vous n’avez rien à faire."},
			},
			UpdateProfile: {
				subject: "Que souhaitez-vous recevoir de [[account.OrganizationName]] ?", preheader: "Nous connaissons déjà votre adresse et n’avons rien changé.",
				title: "Que souhaitez-vous recevoir ?",
				says: []string{
					"Quelqu’un, peut-être vous, a saisi l’adresse [[EmailAddress]] pour recevoir les messages de [[account.OrganizationName]]. Nous la connaissons déjà, et nous n’avons donc rien changé.",
					"Le bouton ouvre une page où vous choisissez ce que vous souhaitez recevoir.",
				},
				label: "Choisir ce que je reçois",
				after: []string{"Le lien est valable [[GoodFor]].", "Ce n’était pas vous, ou vous ne voulez pas de messages ? Vous n’avez rien à faire : tout reste en l’état."},
			},
			NewAddress: {
				subject: "Confirmez votre nouvelle adresse pour [[account.OrganizationName]]", preheader: "Un clic, et nos messages arrivent ici.",
				title: "Est-ce votre nouvelle adresse ?",
				says: []string{
					"Quelqu’un, vous-même nous l’espérons, a demandé à [[account.OrganizationName]] d’écrire désormais à [[EmailAddress]].",
					"Un clic sur le bouton nous confirme que les messages envoyés à cette adresse vous parviennent.",
				},
				label: "Oui, c’est mon adresse",
				after: []string{"Le lien est valable [[GoodFor]].", "Cela ne vous dit rien ? Vous n’avez rien à faire : sans ce clic, rien ne sera envoyé ici."},
			},
			Confirmation: {
				subject: "Confirmez votre adresse électronique", preheader: "Un clic nous confirme que nos messages vous parviennent.",
				title: "Confirmez votre adresse électronique",
				says: []string{
					"Quelqu’un, vous-même nous l’espérons, a indiqué [[EmailAddress]] comme adresse d’un utilisateur de [[account.OrganizationName]].",
					"Un clic sur le bouton nous confirme que les messages envoyés à cette adresse vous parviennent.",
				},
				label: "Confirmer cette adresse",
				after: []string{"Le lien fonctionne une seule fois, pendant [[GoodFor]].", "Ce n’était pas vous ? Vous n’avez rien à faire : sans ce clic, l’adresse reste non confirmée."},
			},
			SenderCheck: {
				subject: "Confirmez [[EmailAddress]] pour [[account.OrganizationName]]", preheader: "Peut-on envoyer des messages depuis votre adresse ?",
				title: "Peut-on envoyer des messages depuis cette adresse ?",
				says: []string{
					"Une personne de [[account.OrganizationName]] souhaite envoyer des messages depuis l’adresse [[EmailAddress]].",
					"Un clic sur le bouton nous confirme que cette adresse est la vôtre et que vous êtes d’accord.",
				},
				label: "Confirmer cette adresse",
				after: []string{"Le lien fonctionne une seule fois, pendant [[GoodFor]].", "Vous ne savez pas de qui vient ce message ? Vous n’avez rien à faire : sans ce clic, rien ne sera envoyé depuis votre adresse."},
			},
			Reset: {
				subject: "Choisissez un nouveau mot de passe", preheader: "Le lien que vous avez demandé.",
				title: "Choisissez un nouveau mot de passe",
				says:  []string{"Un nouveau mot de passe a été demandé pour [[EmailAddress]]."},
				label: "Choisir un nouveau mot de passe",
				after: []string{"Le lien fonctionne une seule fois, pendant [[GoodFor]].", "Vous n’avez rien demandé ? Vous n’avez rien à faire : votre mot de passe reste inchangé."},
			},
			Invitation: {
				subject: "[[Host]] vous invite à rejoindre [[account.OrganizationName]]", preheader: "Une invitation à rejoindre un compte.",
				title: "Vous êtes invité",
				says:  []string{"[[Host]] vous propose de rejoindre [[account.OrganizationName]] en tant que [[Role]] : [[RoleMeaning]]."},
				label: "Accepter l’invitation",
				after: []string{"Le lien fonctionne une seule fois, pendant [[GoodFor]].", "Vous ne savez pas de qui vient ce message ? Vous n’avez rien à faire, et rien ne se passera."},
			},
		},
	}
}
