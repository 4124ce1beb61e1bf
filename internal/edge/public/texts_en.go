package public

func english() texts {
	return texts{code: "en", name: "English", say: map[string]string{
		"skip":      "Skip to the page",
		"languages": "Languages",

		"fault.link":         "This link is not complete",
		"fault.link.lead":    "Part of it is missing or was changed on the way. Please open it once more from the email, or copy the whole address.",
		"fault.ended":        "This link is out of date",
		"fault.ended.lead":   "Links of this kind work for a limited time only. If you still want what it was for, sign up once more and we send you a new one.",
		"fault.paused":       "This sender is not active",
		"fault.paused.lead":  "No mail is being sent in its name, so there is nothing to choose here at the moment.",
		"fault.nowhere":      "There is nothing here",
		"fault.nowhere.lead": "Either the address is not right, or what it led to is gone.",
		"fault.often":        "One moment, please",
		"fault.often.lead":   "There were too many tries from where you are. Please try again in a minute.",
		"fault.later":        "Not just now",
		"fault.later.lead":   "The server cannot do this at the moment. Nothing is lost; please try again in a few minutes.",
		"fault.broken":       "Something went wrong",
		"fault.broken.lead":  "It is our fault, not yours. Whoever runs this server finds it under the number below.",
		"fault.form":         "This could not be read",
		"fault.form.lead":    "What your browser sent was too large or not whole. Please go back and try once more.",

		"unsubscribe.title":      "Unsubscribe",
		"unsubscribe.lead":       "{address} will get no more email from {sender}.",
		"unsubscribe.button":     "Unsubscribe",
		"unsubscribe.instead":    "Choose which email you get instead",
		"unsubscribed.title":     "You are unsubscribed",
		"unsubscribed.lead":      "{address} gets no more email from {sender}.",
		"unsubscribed.undo.lead": "Was that a mistake?",
		"unsubscribed.undo":      "Undo: go on sending me email as before",
		"unsubscribed.ended":     "Too much time has passed to take this back, or something else has changed since. You can choose your email anew.",
		"unsubscribed.choose":    "Choose email again",

		"reason.legend":   "Why, if you want to say?",
		"reason.often":    "Too many emails",
		"reason.interest": "It does not interest me any more",
		"reason.unasked":  "I never signed up",
		"reason.other":    "Another reason",
		"reason.text":     "In your own words",
		"reason.send":     "Send",

		"preferences.title":   "Your email from {sender}",
		"preferences.lead":    "For the address {address}",
		"preferences.saved":   "Saved.",
		"preferences.back":    "It is all as it was before.",
		"preferences.out":     "You get no email from {sender} at the moment. To get it again, choose what you want and save.",
		"preferences.waits":   "{sender} waits for you to say that you want email. Choose what you want and save, and it comes.",
		"preferences.lists":   "What you want to get",
		"preferences.none":    "There is nothing to choose from at the moment.",
		"preferences.consent": "By saving I agree that {sender} emails me what I have chosen. I can take this back at any time.",
		"preferences.save":    "Save",
		"preferences.all":     "Unsubscribe from everything",

		"nobody.title": "Nothing is kept here",
		"nobody.lead":  "{sender} has no data about the address that this link was sent to, and sends it no email.",
	}}
}
