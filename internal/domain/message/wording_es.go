package message

import "kith/internal/domain/account"

func spanish() wording {
	return wording{
		hello:    "Hola{% if FirstName %}, [[FirstName]]{% endif %}:",
		copyLink: "¿El botón no funciona? Copie esta dirección en su navegador:",
		why: map[Kind]string{
			Welcome:       "Recibe este mensaje porque [[EmailAddress]] se inscribió en [[account.OrganizationName]].",
			ConfirmOptIn:  "Recibe este mensaje porque alguien indicó [[EmailAddress]] para recibir los correos de [[account.OrganizationName]].",
			OptInReminder: "Recibe este mensaje porque alguien indicó [[EmailAddress]] para recibir los correos de [[account.OrganizationName]].",
			UpdateProfile: "Recibe este mensaje porque alguien indicó [[EmailAddress]] para recibir los correos de [[account.OrganizationName]].",
			NewAddress:    "Recibe este mensaje porque alguien pidió a [[account.OrganizationName]] que escriba a [[EmailAddress]].",
		},
		preferences: "Cambiar lo que recibo", unsubscribe: "Darme de baja",
		sentBy: "Este mensaje trata de la cuenta de [[account.OrganizationName]].",
		hour:   [2]string{"hora", "horas"}, day: [2]string{"día", "días"},
		roles: map[account.Role]string{
			account.Owner: "persona propietaria", account.Manager: "persona gestora", account.CampaignCreator: "persona creadora de campañas",
		},
		meanings: map[account.Role]string{
			account.Owner:           "con este papel se puede hacer todo, también cambiar la cuenta y sus usuarios",
			account.Manager:         "con este papel se puede hacer todo, salvo cambiar la cuenta y sus usuarios",
			account.CampaignCreator: "con este papel se crean campañas y se ven las listas",
		},
		kinds: map[Kind]said{
			Welcome: {
				subject: "Le damos la bienvenida a [[account.OrganizationName]]", preheader: "Nos alegra contar con usted.",
				title: "¡Le damos la bienvenida!",
				says: []string{
					"Gracias por inscribirse en [[account.OrganizationName]]. A partir de ahora, nuestros correos le llegarán a [[EmailAddress]].",
					"Usted decide lo que recibe: con los enlaces al pie de cada uno de nuestros correos puede cambiarlo o darse de baja cuando quiera.",
				},
				label: "Elegir lo que recibo", opens: "PreferencesLink",
			},
			ConfirmOptIn: {
				subject: "Confirme, por favor: correos de [[account.OrganizationName]]", preheader: "Un clic y su inscripción estará completa.",
				title: "Solo falta un paso",
				says: []string{
					"Alguien, esperamos que usted, indicó [[EmailAddress]] para recibir los correos de [[account.OrganizationName]].",
					"Con un clic en el botón nos confirma que fue usted.",
				},
				label: "Sí, quiero recibirlos",
				after: []string{"El enlace es válido durante [[GoodFor]].", "¿No fue usted? Entonces no tiene que hacer nada: sin ese clic no recibirá ningún correo nuestro."},
			},
			OptInReminder: {
				subject: "¿Sigue interesado? Correos de [[account.OrganizationName]]", preheader: "Solo falta su clic.",
				title: "¿Sigue interesado en nuestros correos?",
				says: []string{
					"Hace algún tiempo, alguien indicó [[EmailAddress]] para recibir los correos de [[account.OrganizationName]]. Desde entonces no hemos tenido respuesta y por eso no le hemos enviado nada.",
					"Si desea nuestros correos, haga clic en el botón. No volveremos a preguntar.",
				},
				label: "Sí, quiero recibirlos",
				after: []string{"El enlace es válido durante [[GoodFor]].", "¿No los desea? Entonces no tiene que hacer nada."},
			},
			UpdateProfile: {
				subject: "¿Qué desea recibir de [[account.OrganizationName]]?", preheader: "Ya conocemos su dirección y no hemos cambiado nada.",
				title: "¿Qué desea recibir?",
				says: []string{
					"Alguien, quizá usted, indicó [[EmailAddress]] para recibir los correos de [[account.OrganizationName]]. Ya conocemos esa dirección, así que no hemos cambiado nada.",
					"El botón abre una página en la que puede elegir lo que desea recibir.",
				},
				label: "Elegir lo que recibo",
				after: []string{"El enlace es válido durante [[GoodFor]].", "¿No fue usted, o no desea correos? Entonces no tiene que hacer nada: todo queda como está."},
			},
			NewAddress: {
				subject: "Confirme su nueva dirección para [[account.OrganizationName]]", preheader: "Un clic y nuestros correos llegarán aquí.",
				title: "¿Es esta su nueva dirección?",
				says: []string{
					"Alguien, esperamos que usted, pidió a [[account.OrganizationName]] que escriba a [[EmailAddress]] a partir de ahora.",
					"Con un clic en el botón nos confirma que los correos a esta dirección le llegan.",
				},
				label: "Sí, es mi dirección",
				after: []string{"El enlace es válido durante [[GoodFor]].", "¿No sabe nada de esto? Entonces no tiene que hacer nada: sin ese clic no se enviará nada aquí."},
			},
			Confirmation: {
				subject: "Confirme su dirección de correo", preheader: "Un clic nos confirma que los correos le llegan.",
				title: "Confirme su dirección de correo",
				says: []string{
					"Alguien, esperamos que usted, indicó [[EmailAddress]] como dirección de un usuario de [[account.OrganizationName]].",
					"Con un clic en el botón nos confirma que los correos a esta dirección le llegan.",
				},
				label: "Confirmar esta dirección",
				after: []string{"El enlace funciona una sola vez, durante [[GoodFor]].", "¿No fue usted? Entonces no tiene que hacer nada: sin ese clic la dirección queda sin confirmar."},
			},
			SenderCheck: {
				subject: "Confirme [[EmailAddress]] para [[account.OrganizationName]]", preheader: "¿Se pueden enviar correos desde su dirección?",
				title: "¿Se pueden enviar correos desde esta dirección?",
				says: []string{
					"Alguien de [[account.OrganizationName]] desea enviar correos desde [[EmailAddress]].",
					"Con un clic en el botón nos confirma que la dirección es suya y que está de acuerdo.",
				},
				label: "Confirmar esta dirección",
				after: []string{"El enlace funciona una sola vez, durante [[GoodFor]].", "¿No sabe de quién es este mensaje? Entonces no tiene que hacer nada: sin ese clic no se enviará nada desde su dirección."},
			},
			Reset: {
				subject: "Elija una nueva contraseña", preheader: "El enlace que solicitó.",
				title: "Elija una nueva contraseña",
				says:  []string{"Se ha solicitado una nueva contraseña para [[EmailAddress]]."},
				label: "Elegir una nueva contraseña",
				after: []string{"El enlace funciona una sola vez, durante [[GoodFor]].", "¿No la solicitó usted? Entonces no tiene que hacer nada: su contraseña queda como está."},
			},
			Invitation: {
				subject: "[[Host]] le invita a [[account.OrganizationName]]", preheader: "Una invitación a una cuenta.",
				title: "Tiene una invitación",
				says:  []string{"[[Host]] le propone unirse a [[account.OrganizationName]] como [[Role]]: [[RoleMeaning]]."},
				label: "Aceptar la invitación",
				after: []string{"El enlace funciona una sola vez, durante [[GoodFor]].", "¿No sabe de quién es este mensaje? Entonces no tiene que hacer nada, y nada ocurrirá."},
			},
		},
	}
}
