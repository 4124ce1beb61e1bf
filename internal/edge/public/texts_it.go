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
	}}
}
