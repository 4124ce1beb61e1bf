package cli

import "runtime"

type versionCmd struct{}

// Help is the command's longer help.
func (versionCmd) Help() string {
	return `Example:

    kith version --json`
}

// Run shows the version.
func (versionCmd) Run(r *run) error {
	return r.print(map[string]string{"version": r.Version, "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH},
		"kith %s (%s, %s/%s)", r.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
