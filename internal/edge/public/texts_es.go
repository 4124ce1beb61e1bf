package public

func spanish() texts {
	return texts{code: "es", name: "Español", say: map[string]string{
		"skip":      "Saltar al contenido",
		"languages": "Idiomas",

		"fault.link":         "Este enlace está incompleto",
		"fault.link.lead":    "Falta una parte o se modificó por el camino. Ábralo de nuevo desde el correo o copie la dirección entera.",
		"fault.ended":        "Este enlace ha caducado",
		"fault.ended.lead":   "Los enlaces de este tipo solo valen un tiempo. Si todavía lo desea, vuelva a suscribirse y le enviaremos otro.",
		"fault.paused":       "Este remitente no está activo",
		"fault.paused.lead":  "No se envía ningún correo en su nombre, así que por ahora no hay nada que elegir aquí.",
		"fault.nowhere":      "Aquí no hay nada",
		"fault.nowhere.lead": "O la dirección no es correcta, o aquello a lo que llevaba ya no existe.",
		"fault.often":        "Un momento, por favor",
		"fault.often.lead":   "Ha habido demasiados intentos desde su conexión. Inténtelo de nuevo dentro de un minuto.",
		"fault.later":        "Ahora mismo no",
		"fault.later.lead":   "El servidor no puede hacerlo en este momento. No se ha perdido nada; inténtelo de nuevo en unos minutos.",
		"fault.broken":       "Algo ha ido mal",
		"fault.broken.lead":  "La culpa es nuestra, no suya. Quien administra este servidor lo encontrará con el número de abajo.",
		"fault.form":         "Esto no se ha podido leer",
		"fault.form.lead":    "Lo que envió su navegador era demasiado grande o estaba incompleto. Vuelva atrás e inténtelo de nuevo.",

		"unsubscribe.title":      "Darse de baja",
		"unsubscribe.lead":       "{address} no recibirá más correos de {sender}.",
		"unsubscribe.button":     "Darme de baja",
		"unsubscribe.instead":    "Prefiero elegir qué correos recibo",
		"unsubscribed.title":     "Se ha dado de baja",
		"unsubscribed.lead":      "{address} ya no recibe correos de {sender}.",
		"unsubscribed.undo.lead": "¿Ha sido un error?",
		"unsubscribed.undo":      "Deshacer: seguir enviándome correos como antes",
		"unsubscribed.ended":     "Ha pasado demasiado tiempo para deshacerlo, o algo ha cambiado desde entonces. Puede volver a elegir sus correos.",
		"unsubscribed.choose":    "Volver a elegir correos",

		"reason.legend":   "¿Por qué, si quiere decirlo?",
		"reason.often":    "Demasiados correos",
		"reason.interest": "Ya no me interesa",
		"reason.unasked":  "Nunca me suscribí",
		"reason.other":    "Otro motivo",
		"reason.text":     "Con sus palabras",
		"reason.send":     "Enviar",

		"preferences.title":   "Sus correos de {sender}",
		"preferences.lead":    "Para la dirección {address}",
		"preferences.saved":   "Guardado.",
		"preferences.back":    "Todo vuelve a estar como antes.",
		"preferences.out":     "Ahora no recibe correos de {sender}. Si quiere volver a recibirlos, elija y guarde.",
		"preferences.waits":   "{sender} espera a que diga que quiere correos. Elija y guarde, y llegarán.",
		"preferences.lists":   "Lo que quiere recibir",
		"preferences.none":    "Por ahora no hay nada que elegir.",
		"preferences.consent": "Al guardar acepto que {sender} me envíe por correo lo que he elegido. Puedo retirarlo cuando quiera.",
		"preferences.save":    "Guardar",
		"preferences.all":     "Darme de baja de todo",

		"nobody.title": "Aquí no se guarda nada",
		"nobody.lead":  "{sender} no tiene datos de la dirección a la que se envió este enlace y no le envía correos.",
	}}
}
