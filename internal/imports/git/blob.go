package git

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

// This file reads the texts of a history one by one: all of them may not fit into
// memory.

// blobs reads objects of a repository. It is safe for concurrent use.
type blobs struct {
	mu   sync.Mutex
	ctx  context.Context
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	said bytes.Buffer
}

func (r *Repo) blobs(ctx context.Context) (*blobs, error) {
	b := &blobs{ctx: ctx, cmd: r.command(ctx, "cat-file", "--batch")}
	b.cmd.Stderr = &b.said
	var err error
	if b.in, err = b.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	b.out = bufio.NewReaderSize(out, 1<<16)
	return b, b.cmd.Start()
}

func (b *blobs) read(hash string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, err := io.WriteString(b.in, hash+"\n"); err != nil {
		return nil, b.wrong(hash, err)
	}
	head, err := b.out.ReadString('\n')
	if err != nil {
		return nil, b.wrong(hash, err)
	}
	size, ok := blobSize(head)
	if !ok {
		return nil, fmt.Errorf("read the object %s of the repository: it is missing", hash)
	}
	text := make([]byte, size+1)
	if _, err := io.ReadFull(b.out, text); err != nil {
		return nil, b.wrong(hash, err)
	}
	return text[:size:size], nil
}

func (b *blobs) wrong(hash string, err error) error {
	if b.ctx.Err() != nil {
		return b.ctx.Err()
	}
	b.in.Close()
	_ = b.cmd.Wait() // its standard error has the cause
	if said := strings.TrimSpace(b.said.String()); said != "" {
		return fmt.Errorf("read the object %s of the repository: %s", hash, lastLine(said))
	}
	return fmt.Errorf("read the object %s of the repository: %w", hash, err)
}

func (b *blobs) close() {
	b.in.Close()
	_ = b.cmd.Wait() // all output was read
}

// sizes returns the size of each object in bytes, or -1 for one that is missing.
func (r *Repo) sizes(ctx context.Context, hashes []string) ([]int64, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	out, err := r.feed(ctx, strings.NewReader(strings.Join(hashes, "\n")+"\n"), "cat-file", "--batch-check")
	if err != nil {
		return nil, err
	}
	sizes := make([]int64, 0, len(hashes))
	for line := range strings.Lines(string(out)) {
		n, ok := blobSize(line)
		if !ok {
			n = -1
		}
		sizes = append(sizes, n)
	}
	if len(sizes) != len(hashes) {
		return nil, fmt.Errorf("git cat-file: %d sizes for %d objects", len(sizes), len(hashes))
	}
	return sizes, nil
}

// blobSize parses a line of cat-file: HASH blob SIZE.
func blobSize(line string) (int64, bool) {
	f := strings.Fields(line)
	if len(f) != 3 || f[1] != "blob" {
		return 0, false
	}
	n, err := strconv.ParseInt(f[2], 10, 64)
	return n, err == nil
}
