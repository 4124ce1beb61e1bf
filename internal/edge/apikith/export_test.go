package apikith

// UsualTargets are the names of what is offered for every file.
func UsualTargets() []string {
	names := make([]string, len(usual))
	for i, t := range usual {
		names[i] = t.Name
	}
	return names
}
