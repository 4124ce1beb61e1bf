package public

func german() texts {
	return texts{code: "de", name: "Deutsch", say: map[string]string{
		"skip":      "Zum Inhalt springen",
		"languages": "Sprachen",

		"fault.link":         "Dieser Link ist unvollständig",
		"fault.link.lead":    "Ein Teil davon fehlt oder wurde unterwegs verändert. Bitte öffnen Sie ihn noch einmal aus der E-Mail oder kopieren Sie die ganze Adresse.",
		"fault.ended":        "Dieser Link ist abgelaufen",
		"fault.ended.lead":   "Solche Links gelten nur für begrenzte Zeit. Wenn Sie das noch möchten, wofür er war, melden Sie sich noch einmal an; dann erhalten Sie einen neuen.",
		"fault.paused":       "Dieser Absender ist nicht aktiv",
		"fault.paused.lead":  "In seinem Namen wird keine Post verschickt, deshalb gibt es hier zurzeit nichts auszuwählen.",
		"fault.nowhere":      "Hier ist nichts",
		"fault.nowhere.lead": "Entweder stimmt die Adresse nicht, oder es gibt nicht mehr, wohin sie führte.",
		"fault.often":        "Einen Moment, bitte",
		"fault.often.lead":   "Von Ihrem Anschluss kamen zu viele Versuche. Bitte versuchen Sie es in einer Minute noch einmal.",
		"fault.later":        "Gerade nicht",
		"fault.later.lead":   "Der Server kann das im Augenblick nicht tun. Es ist nichts verloren; bitte versuchen Sie es in ein paar Minuten noch einmal.",
		"fault.broken":       "Etwas ist schiefgegangen",
		"fault.broken.lead":  "Das liegt an uns, nicht an Ihnen. Wer diesen Server betreibt, findet es unter der Nummer unten.",
		"fault.form":         "Das konnte nicht gelesen werden",
		"fault.form.lead":    "Was Ihr Browser geschickt hat, war zu groß oder unvollständig. Bitte gehen Sie zurück und versuchen Sie es noch einmal.",

		"unsubscribe.title":      "Abmelden",
		"unsubscribe.lead":       "{address} erhält dann keine E-Mails mehr von {sender}.",
		"unsubscribe.button":     "Abmelden",
		"unsubscribe.instead":    "Lieber auswählen, welche E-Mails kommen",
		"unsubscribed.title":     "Sie sind abgemeldet",
		"unsubscribed.lead":      "{address} erhält keine E-Mails mehr von {sender}.",
		"unsubscribed.undo.lead": "War das ein Versehen?",
		"unsubscribed.undo":      "Rückgängig machen: E-Mails weiter wie bisher",
		"unsubscribed.ended":     "Es ist zu viel Zeit vergangen, um das rückgängig zu machen, oder es hat sich seither etwas geändert. Sie können Ihre E-Mails neu auswählen.",
		"unsubscribed.choose":    "E-Mails neu auswählen",

		"reason.legend":   "Warum, wenn Sie es sagen möchten?",
		"reason.often":    "Zu viele E-Mails",
		"reason.interest": "Es interessiert mich nicht mehr",
		"reason.unasked":  "Ich habe mich nie angemeldet",
		"reason.other":    "Ein anderer Grund",
		"reason.text":     "In eigenen Worten",
		"reason.send":     "Senden",

		"preferences.title":   "Ihre E-Mails von {sender}",
		"preferences.lead":    "Für die Adresse {address}",
		"preferences.saved":   "Gespeichert.",
		"preferences.back":    "Es ist alles wieder wie vorher.",
		"preferences.out":     "Sie erhalten zurzeit keine E-Mails von {sender}. Möchten Sie wieder welche, wählen Sie aus und speichern Sie.",
		"preferences.waits":   "{sender} wartet auf Ihr Einverständnis. Wählen Sie aus und speichern Sie, dann kommen die E-Mails.",
		"preferences.lists":   "Was Sie erhalten möchten",
		"preferences.none":    "Zurzeit gibt es nichts auszuwählen.",
		"preferences.consent": "Mit dem Speichern bin ich einverstanden, dass {sender} mir per E-Mail schickt, was ich ausgewählt habe. Das kann ich jederzeit widerrufen.",
		"preferences.save":    "Speichern",
		"preferences.all":     "Von allem abmelden",

		"nobody.title": "Hier ist nichts gespeichert",
		"nobody.lead":  "{sender} hat keine Daten zu der Adresse, an die dieser Link ging, und schickt ihr keine E-Mails.",
	}}
}
