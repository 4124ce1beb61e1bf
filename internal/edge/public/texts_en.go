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
	}}
}
