package public

func italian() texts {
	return texts{code: "it", name: "Italiano", say: map[string]string{
		"skip":      "Vai al contenuto",
		"languages": "Lingue",

		"fault.link":         "Questo link è incompleto",
		"fault.link.lead":    "Ne manca una parte, oppure è stata modificata lungo la strada. Lo riapra dall’e-mail o copi l’indirizzo per intero.",
		"fault.ended":        "Questo link è scaduto",
		"fault.ended.lead":   "I link di questo tipo valgono solo per un certo tempo. Se lo desidera ancora, si iscriva di nuovo e ne riceverà un altro.",
		"fault.paused":       "Questo mittente non è attivo",
		"fault.paused.lead":  "A suo nome non viene spedita alcuna posta, quindi al momento qui non c’è nulla da scegliere.",
		"fault.nowhere":      "Qui non c’è nulla",
		"fault.nowhere.lead": "O l’indirizzo non è giusto, o ciò a cui portava non c’è più.",
		"fault.often":        "Un momento, per favore",
		"fault.often.lead":   "Dalla sua connessione sono arrivati troppi tentativi. Riprovi tra un minuto.",
		"fault.later":        "Non in questo momento",
		"fault.later.lead":   "Il server al momento non può farlo. Nulla è andato perso; riprovi tra qualche minuto.",
		"fault.broken":       "Qualcosa è andato storto",
		"fault.broken.lead":  "La colpa è nostra, non sua. Chi gestisce questo server lo trova con il numero qui sotto.",
		"fault.form":         "Non è stato possibile leggerlo",
		"fault.form.lead":    "Quello che il browser ha inviato era troppo grande o incompleto. Torni indietro e riprovi.",

		"unsubscribe.title":      "Annulla l’iscrizione",
		"unsubscribe.lead":       "{address} non riceverà più e-mail da {sender}.",
		"unsubscribe.button":     "Annulla l’iscrizione",
		"unsubscribe.instead":    "Preferisco scegliere quali e-mail ricevere",
		"unsubscribed.title":     "L’iscrizione è annullata",
		"unsubscribed.lead":      "{address} non riceve più e-mail da {sender}.",
		"unsubscribed.undo.lead": "È stato un errore?",
		"unsubscribed.undo":      "Annulla: continuate a scrivermi come prima",
		"unsubscribed.ended":     "È passato troppo tempo per annullare, oppure nel frattempo è cambiato qualcosa. Può scegliere di nuovo le sue e-mail.",
		"unsubscribed.choose":    "Scegli di nuovo le e-mail",

		"reason.legend":   "Perché, se vuole dirlo?",
		"reason.often":    "Troppe e-mail",
		"reason.interest": "Non mi interessa più",
		"reason.unasked":  "Non mi sono mai iscritto",
		"reason.other":    "Un altro motivo",
		"reason.text":     "Con parole sue",
		"reason.send":     "Invia",

		"preferences.title":   "Le sue e-mail da {sender}",
		"preferences.lead":    "Per l’indirizzo {address}",
		"preferences.saved":   "Salvato.",
		"preferences.back":    "È tutto di nuovo come prima.",
		"preferences.out":     "Al momento non riceve e-mail da {sender}. Per riceverle di nuovo, scelga e salvi.",
		"preferences.waits":   "{sender} aspetta il suo consenso. Scelga e salvi, e le e-mail arriveranno.",
		"preferences.lists":   "Che cosa vuole ricevere",
		"preferences.none":    "Al momento non c’è nulla da scegliere.",
		"preferences.consent": "Salvando accetto che {sender} mi mandi per e-mail ciò che ho scelto. Posso revocarlo in qualsiasi momento.",
		"preferences.save":    "Salva",
		"preferences.all":     "Annulla tutte le iscrizioni",

		"nobody.title": "Qui non è conservato nulla",
		"nobody.lead":  "{sender} non ha dati sull’indirizzo a cui è stato mandato questo link e non gli invia e-mail.",
	}}
}
