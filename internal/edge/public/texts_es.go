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
	}}
}
