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
	}}
}
