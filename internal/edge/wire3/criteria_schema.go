package wire3

import (
	"encoding/json"

	"kith/internal/domain/segment"
)

type dict = map[string]any

// CriteriaSchema is what criteria may say, as a JSON schema. address is where
// it is published.
func CriteriaSchema(address string) []byte {
	var rules []any
	for _, k := range segment.Grammar() {
		rules = append(rules, ruleSchema(k))
	}
	body, err := json.MarshalIndent(dict{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     address,
		"title":   "Criteria of a segment",
		"type":    "object", "required": []string{"version", segment.Root},
		"properties": dict{
			"version": dict{"const": segment.Version},
			segment.Root: dict{
				"description": "Groups stand at most 5 deep, and hold at most 100 rules and 500 campaigns together.",
				"allOf":       []any{ref("group"), dict{"properties": dict{"type": dict{"const": "and"}}}},
			},
		},
		"$defs": dict{
			"group": dict{
				"type": "object", "required": []string{"type", "group"},
				"properties": dict{
					"type":  dict{"enum": []string{"and", "or"}, "description": "Whether all must hold, or any."},
					"group": dict{"type": "array", "minItems": 1, "items": dict{"anyOf": []any{ref("group"), ref("rule")}}},
				},
			},
			"rule": dict{"description": "A condition; not-… operators also take contacts where the field is empty.", "anyOf": rules},
			"id":   dict{"type": "string", "format": "uuid"},
			"text": dict{"type": []string{"string", "number", "boolean"}, "maxLength": segment.MaxValue},
			"day":  dict{"type": "string", "description": "A date such as 2026-03-01, or a time, whose day counts (UTC)."},
			"days": dict{"type": []string{"string", "integer"}, "description": "A number of days."},
		},
	}, "", "  ")
	if err != nil {
		panic(err) // it is made of texts and numbers
	}
	return body
}

func ref(name string) dict { return dict{"$ref": "#/$defs/" + name} }

// some is one value, or an array of at most n.
func some(of dict, most int) dict {
	return dict{"anyOf": []any{of, dict{"type": "array", "minItems": 1, "maxItems": most, "items": of}}}
}

func ruleSchema(k segment.Kind) dict {
	properties := dict{
		"source": dict{"const": k.Source},
		"field":  dict{"const": string(k.Field)},
		"op":     dict{"enum": k.Form.Ops()},
	}
	required := []string{"source", "field", "op"}
	switch k.Form {
	case segment.Mails:
		properties["value"] = dict{"anyOf": []any{
			dict{"type": "array", "minItems": 1, "maxItems": segment.MaxCampaigns, "items": ref("id"), "description": "Campaign activities."},
			some(ref("day"), 2),
		}}
		properties["const_value"] = dict{"enum": []segment.Const{segment.LastCampaigns, segment.LastDays, segment.AnyCampaign}}
		properties["param"] = ref("days")
	case segment.Lists, segment.Tags:
		properties["value"] = some(ref("id"), segment.MaxValues)
		required = append(required, "value")
	case segment.Date:
		properties["value"] = some(ref("day"), 2)
		properties["param"] = ref("days")
	case segment.Month:
		properties["value"] = some(dict{"type": []string{"integer", "string"}, "minimum": 1, "maximum": 12}, segment.MaxValues)
	case segment.MonthDay:
		properties["value"] = some(dict{"type": []string{"integer", "string"}, "minimum": 1, "maximum": 31}, segment.MaxValues)
	case segment.Yearly:
		properties["value"] = some(dict{"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}, segment.MaxValues)
	case segment.Enum:
		properties["value"] = some(dict{"enum": k.Words}, segment.MaxValues)
		required = append(required, "value")
	case segment.Custom:
		properties["field"] = dict{"anyOf": []any{dict{"const": string(k.Field)}, ref("id")}}
		properties["value"] = some(ref("text"), segment.MaxValues)
		properties["param"] = dict{"type": []string{"string", "integer"}, "description": "The field's id, or, where field is that, a number of days."}
	case segment.Text:
		properties["value"] = some(ref("text"), segment.MaxValues)
	}
	return dict{"type": "object", "description": k.Doc, "required": required, "properties": properties}
}
