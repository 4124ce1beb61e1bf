// Package wire3 holds what version 3 of the API and Kith's own API write
// alike: contacts, activities, and the links of pages. Versions of the API do not know
// each other, so what two of them share stands beside them. Which call answers
// what is left to them.
package wire3

import "kith/internal/domain/contact"

// Links lead on from a page (v3 contract, PagingLinks).
type Links struct {
	_    struct{} `schema:"PagingLinks" doc:"Where a list goes on. It is left out on the last page."`
	Next Link     `json:"next" doc:"The next page."`
}

// Link is where something is.
type Link struct {
	_    struct{} `schema:"Link" doc:"An address without scheme and host."`
	Href string   `json:"href" doc:"The path and query, beginning with the API's own path."`
}

// Next is the link to an address; nil where there is none.
func Next(href string) *Links {
	if href == "" {
		return nil
	}
	return &Links{Next: Link{Href: href}}
}

// Includes returns what the parameter include may name. The contract does not
// list sms_channel there; clients ask for it (v3-guide 4.6).
func Includes() []string {
	return []string{"custom_fields", "list_memberships", "phone_numbers", "street_addresses", "taggings", "notes", "sms_channel"}
}

// Include reads words of Includes.
func Include(words []string) (all contact.Include) {
	for _, word := range words {
		switch word {
		case "custom_fields":
			all |= contact.IncludeFields
		case "list_memberships":
			all |= contact.IncludeLists
		case "phone_numbers":
			all |= contact.IncludePhones
		case "street_addresses":
			all |= contact.IncludeAddresses
		case "taggings":
			all |= contact.IncludeTags
		case "notes":
			all |= contact.IncludeNotes
		case "sms_channel":
			all |= contact.IncludeSMS
		}
	}
	return all
}

// Statuses returns what the parameter status may name.
func Statuses() []string {
	return []string{"all", "active", "deleted", "not_set", "pending_confirmation", "temp_hold", "unsubscribed", "explicit", "implicit"}
}

// Status reads words of Statuses.
func Status(words []string) (all contact.Statuses) {
	for _, word := range words {
		s, _ := contact.ParseStatus(word) // it knows every word of Statuses
		all |= s
	}
	return all
}
