package public

func french() texts {
	return texts{code: "fr", name: "Français", say: map[string]string{
		"skip":      "Aller au contenu",
		"languages": "Langues",

		"fault.link":         "Ce lien est incomplet",
		"fault.link.lead":    "Il en manque une partie, ou elle a été modifiée en route. Rouvrez-le depuis l’e-mail, ou copiez l’adresse entière.",
		"fault.ended":        "Ce lien a expiré",
		"fault.ended.lead":   "Ce type de lien n’est valable qu’un certain temps. Si vous le souhaitez toujours, inscrivez-vous à nouveau et nous vous en enverrons un autre.",
		"fault.paused":       "Cet expéditeur n’est pas actif",
		"fault.paused.lead":  "Aucun message n’est envoyé en son nom ; il n’y a donc rien à choisir ici pour le moment.",
		"fault.nowhere":      "Il n’y a rien ici",
		"fault.nowhere.lead": "Soit l’adresse n’est pas la bonne, soit ce à quoi elle menait n’existe plus.",
		"fault.often":        "Un instant, s’il vous plaît",
		"fault.often.lead":   "Trop d’essais sont venus de votre connexion. Réessayez dans une minute.",
		"fault.later":        "Pas tout de suite",
		"fault.later.lead":   "Le serveur n’y arrive pas pour le moment. Rien n’est perdu ; réessayez dans quelques minutes.",
		"fault.broken":       "Quelque chose s’est mal passé",
		"fault.broken.lead":  "C’est notre faute, pas la vôtre. La personne qui gère ce serveur le retrouvera sous le numéro ci-dessous.",
		"fault.form":         "Cela n’a pas pu être lu",
		"fault.form.lead":    "Ce que votre navigateur a envoyé était trop volumineux ou incomplet. Revenez en arrière et réessayez.",

		"unsubscribe.title":      "Se désabonner",
		"unsubscribe.lead":       "{address} ne recevra plus d’e-mails de {sender}.",
		"unsubscribe.button":     "Me désabonner",
		"unsubscribe.instead":    "Choisir plutôt quels e-mails recevoir",
		"unsubscribed.title":     "Vous êtes désabonné(e)",
		"unsubscribed.lead":      "{address} ne reçoit plus d’e-mails de {sender}.",
		"unsubscribed.undo.lead": "C’était une erreur ?",
		"unsubscribed.undo":      "Annuler : continuer à m’écrire comme avant",
		"unsubscribed.ended":     "Il est trop tard pour annuler, ou quelque chose a changé depuis. Vous pouvez choisir à nouveau vos e-mails.",
		"unsubscribed.choose":    "Choisir à nouveau des e-mails",

		"reason.legend":   "Pourquoi, si vous voulez bien le dire ?",
		"reason.often":    "Trop d’e-mails",
		"reason.interest": "Cela ne m’intéresse plus",
		"reason.unasked":  "Je ne me suis jamais inscrit(e)",
		"reason.other":    "Une autre raison",
		"reason.text":     "Avec vos mots",
		"reason.send":     "Envoyer",

		"preferences.title":   "Vos e-mails de {sender}",
		"preferences.lead":    "Pour l’adresse {address}",
		"preferences.saved":   "C’est enregistré.",
		"preferences.back":    "Tout est comme avant.",
		"preferences.out":     "Vous ne recevez pas d’e-mails de {sender} en ce moment. Pour en recevoir à nouveau, choisissez et enregistrez.",
		"preferences.waits":   "{sender} attend votre accord. Choisissez et enregistrez, et les e-mails viendront.",
		"preferences.lists":   "Ce que vous souhaitez recevoir",
		"preferences.none":    "Il n’y a rien à choisir pour le moment.",
		"preferences.consent": "En enregistrant, j’accepte que {sender} m’envoie par e-mail ce que j’ai choisi. Je peux revenir là-dessus à tout moment.",
		"preferences.save":    "Enregistrer",
		"preferences.all":     "Me désabonner de tout",

		"nobody.title": "Rien n’est conservé ici",
		"nobody.lead":  "{sender} n’a aucune donnée sur l’adresse à laquelle ce lien a été envoyé, et ne lui écrit pas.",
	}}
}
