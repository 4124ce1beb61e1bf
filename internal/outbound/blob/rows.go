package blob

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// chunkBytes is how much of a blob lies in one row.
const chunkBytes = 512 << 10

// Chunks is where the rows are kept.
type Chunks interface {
	// PutChunks writes chunks that follow each other, the first of which begins
	// at start, in place of everything from there on; all of them or none. It
	// fails with NotFound where what lies before does not reach start.
	PutChunks(ctx context.Context, account id.Account, blob id.Blob, start int64, bodies ...[]byte) error
	// Chunk returns the last chunk that begins at or before an offset. It
	// fails with NotFound where the blob is not there.
	Chunk(ctx context.Context, account id.Account, blob id.Blob, at int64) (start int64, body []byte, err error)
	// DropChunks forgets a blob.
	DropChunks(ctx context.Context, account id.Account, blob id.Blob) error
	// OldBlobs names up to limit blobs behind a name that were last written
	// before a time, in the order of their names.
	OldBlobs(ctx context.Context, before time.Time, account id.Account, blob id.Blob, limit int) ([]id.Account, []id.Blob, error)
}

// Rows keeps blobs in the database.
type Rows struct{ chunks Chunks }

// NewRows returns the store of a database.
func NewRows(c Chunks) *Rows { return &Rows{c} }

// Put is Folder.Put.
func (s *Rows) Put(ctx context.Context, account id.Account, blob id.Blob, r io.Reader) (n int64, err error) {
	defer func() {
		if err != nil {
			// What was written is of no use, also to a caller that gave up.
			err = errors.Join(err, s.chunks.DropChunks(context.WithoutCancel(ctx), account, blob))
		}
	}()
	chunk := make([]byte, chunkBytes)
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		got, err := io.ReadFull(r, chunk)
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return 0, err
		}
		if got > 0 || n == 0 { // an empty blob has one empty chunk
			if err := s.chunks.PutChunks(ctx, account, blob, n, chunk[:got]); err != nil {
				return 0, err
			}
		}
		if n += int64(got); last {
			return n, nil
		}
	}
}

// Append is Folder.Append; at must be where an earlier append ended.
func (s *Rows) Append(ctx context.Context, account id.Account, blob id.Blob, at int64, p []byte) error {
	chunks := slices.Collect(slices.Chunk(p, chunkBytes))
	if len(chunks) == 0 {
		chunks = [][]byte{p} // an empty blob has one empty chunk
	}
	err := s.chunks.PutChunks(ctx, account, blob, at, chunks...)
	if fault.Is(err, fault.NotFound) {
		return ErrGap
	}
	return err
}

// Open is Folder.Open.
func (s *Rows) Open(ctx context.Context, account id.Account, blob id.Blob, offset int64) (io.ReadCloser, error) {
	r := &rowReader{ctx: ctx, chunks: s.chunks, account: account, blob: blob, at: offset}
	if err := r.next(); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return r, nil
}

// Delete is Folder.Delete.
func (s *Rows) Delete(ctx context.Context, account id.Account, blob id.Blob) error {
	return s.chunks.DropChunks(ctx, account, blob)
}

// sweepBatch is how many blobs are looked at together.
const sweepBatch = 100

// Sweep is Folder.Sweep.
func (s *Rows) Sweep(ctx context.Context, before time.Time, known func(context.Context, id.Account, id.Blob) (bool, error)) (deleted int, err error) {
	var last Name
	for {
		accounts, blobs, err := s.chunks.OldBlobs(ctx, before, last.Account, last.Number, sweepBatch)
		if err != nil || len(blobs) == 0 {
			return deleted, err
		}
		for i, blob := range blobs {
			last = Name{accounts[i], blob}
			keep, err := known(ctx, last.Account, last.Number)
			if err != nil {
				return deleted, err
			}
			if keep {
				continue
			}
			if err := s.chunks.DropChunks(ctx, last.Account, last.Number); err != nil {
				return deleted, err
			}
			deleted++
		}
	}
}

// rowReader reads a blob chunk by chunk.
type rowReader struct {
	ctx     context.Context //nolint:containedctx // it lives as long as the caller of Open says
	chunks  Chunks
	account id.Account
	blob    id.Blob
	at      int64
	left    []byte
}

// next fetches what lies at the reader's offset; io.EOF where that is the end.
func (r *rowReader) next() error {
	start, body, err := r.chunks.Chunk(r.ctx, r.account, r.blob, r.at)
	if fault.Is(err, fault.NotFound) {
		return ErrNone.Because(err)
	}
	if err != nil {
		return err
	}
	if r.at >= start+int64(len(body)) {
		return io.EOF
	}
	r.left = body[r.at-start:]
	return nil
}

func (r *rowReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(r.left) == 0 {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	r.at += int64(n)
	return n, nil
}

// Close has nothing to let go of.
func (r *rowReader) Close() error { return nil }
