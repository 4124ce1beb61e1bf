package app

import (
	"kith/internal/domain/activity"
	"kith/internal/ops"
	"kith/internal/outbound/blob"
	"kith/internal/outbound/sheet"
)

// newActivities returns the service of bulk work. Uploads lie in the data
// folder, or in the database where several processes share it.
func newActivities(b *Base) *activity.Service {
	o := activity.Options{
		Store: b.Store.Activities(),
		Files: blob.NewFolder(ops.Folder(b.Config.Data).Uploads()),
		Sheets: sheet.New(sheet.Options{
			MaxBytes: int64(b.Config.ImportMaxBytes), MaxRows: int64(b.Config.ImportMaxRows),
		}),
	}
	if b.shared() {
		o.Files = blob.NewRows(b.Store)
	}
	return activity.New(o)
}
