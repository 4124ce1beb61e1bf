package public

func dutch() texts {
	return texts{code: "nl", name: "Nederlands", say: map[string]string{
		"skip":      "Naar de inhoud",
		"languages": "Talen",

		"fault.link":         "Deze link is niet compleet",
		"fault.link.lead":    "Er ontbreekt een stuk of het is onderweg veranderd. Open de link opnieuw vanuit de e-mail, of kopieer het hele adres.",
		"fault.ended":        "Deze link is verlopen",
		"fault.ended.lead":   "Zulke links werken maar een beperkte tijd. Wilt u het nog steeds, meld u dan opnieuw aan; dan krijgt u een nieuwe.",
		"fault.paused":       "Deze afzender is niet actief",
		"fault.paused.lead":  "Er wordt geen post namens deze afzender verstuurd, dus er valt hier op dit moment niets te kiezen.",
		"fault.nowhere":      "Hier is niets",
		"fault.nowhere.lead": "Het adres klopt niet, of waar het naartoe leidde is er niet meer.",
		"fault.often":        "Een ogenblik geduld",
		"fault.often.lead":   "Er kwamen te veel pogingen vanaf uw verbinding. Probeer het over een minuut opnieuw.",
		"fault.later":        "Nu even niet",
		"fault.later.lead":   "De server kan dit op dit moment niet doen. Er is niets verloren; probeer het over een paar minuten opnieuw.",
		"fault.broken":       "Er ging iets mis",
		"fault.broken.lead":  "Dat ligt aan ons, niet aan u. Wie deze server beheert vindt het onder het nummer hieronder.",
		"fault.form":         "Dit kon niet worden gelezen",
		"fault.form.lead":    "Wat uw browser stuurde was te groot of niet compleet. Ga terug en probeer het nog eens.",
	}}
}
