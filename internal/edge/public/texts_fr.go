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
	}}
}
