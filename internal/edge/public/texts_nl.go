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

		"unsubscribe.title":      "Uitschrijven",
		"unsubscribe.lead":       "{address} krijgt dan geen e-mail meer van {sender}.",
		"unsubscribe.button":     "Schrijf mij uit",
		"unsubscribe.instead":    "Liever kiezen welke e-mail u krijgt",
		"unsubscribed.title":     "U bent uitgeschreven",
		"unsubscribed.lead":      "{address} krijgt geen e-mail meer van {sender}.",
		"unsubscribed.undo.lead": "Was het een vergissing?",
		"unsubscribed.undo":      "Ongedaan maken: blijf mij mailen zoals eerst",
		"unsubscribed.ended":     "Er is te veel tijd voorbij om dit terug te draaien, of er is intussen iets veranderd. U kunt uw e-mail opnieuw kiezen.",
		"unsubscribed.choose":    "Opnieuw e-mail kiezen",

		"reason.legend":   "Waarom, als u dat wilt zeggen?",
		"reason.often":    "Te veel e-mail",
		"reason.interest": "Het interesseert mij niet meer",
		"reason.unasked":  "Ik heb mij nooit aangemeld",
		"reason.other":    "Een andere reden",
		"reason.text":     "In uw eigen woorden",
		"reason.send":     "Versturen",

		"preferences.title":   "Uw e-mail van {sender}",
		"preferences.lead":    "Voor het adres {address}",
		"preferences.saved":   "Opgeslagen.",
		"preferences.back":    "Alles is weer zoals het was.",
		"preferences.out":     "U krijgt nu geen e-mail van {sender}. Wilt u die weer krijgen, kies dan en sla op.",
		"preferences.waits":   "{sender} wacht tot u zegt dat u e-mail wilt. Kies en sla op, dan komt die.",
		"preferences.lists":   "Wat u wilt krijgen",
		"preferences.none":    "Er valt op dit moment niets te kiezen.",
		"preferences.consent": "Door op te slaan vind ik het goed dat {sender} mij mailt wat ik heb gekozen. Dat kan ik altijd intrekken.",
		"preferences.save":    "Opslaan",
		"preferences.all":     "Mij overal voor uitschrijven",

		"nobody.title": "Hier wordt niets bewaard",
		"nobody.lead":  "{sender} heeft geen gegevens over het adres waar deze link naartoe ging, en stuurt er geen e-mail heen.",
	}}
}
