"""Objects, packs and indexes written byte by byte, also those that git would
refuse to write."""
import binascii
import hashlib
import os
import struct
import zlib

COMMIT, TREE, BLOB, TAG, OFS_DELTA, REF_DELTA = 1, 2, 3, 4, 6, 7


def object_id(kind, content):
    return hashlib.sha1(b"%s %d\0" % (kind, len(content)) + content).hexdigest()


def loose_path(folder, oid):
    return os.path.join(folder, oid[:2], oid[2:])


def write_loose(folder, kind, content, size=None, oid=None, level=1):
    """Writes one below `folder`; its header may claim another size."""
    oid = oid or object_id(kind, content)
    path = loose_path(folder, oid)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    claimed = len(content) if size is None else size
    with open(path, "wb") as file:
        file.write(zlib.compress(b"%s %d\0" % (kind, claimed) + content,
                                 level))
    return oid


def tree(*entries):
    """(mode, name, hex id): in the order given."""
    return b"".join(b"%s %s\0" % (mode, name) + bytes.fromhex(oid)
                    for mode, name, oid in entries)


def commit(tree_id, *parents, message=b"x\n", author=b"A <a@b.test>"):
    lines = [b"tree " + tree_id.encode()]
    lines += [b"parent " + parent.encode() for parent in parents]
    lines += [b"author %s 1700000000 +0000" % author,
              b"committer %s 1700000000 +0000" % author, b"", message]
    return b"\n".join(lines)


def size_bytes(kind, size):
    """"n-byte type and length", gitformat-pack(5)."""
    first = kind << 4 | size & 15
    size >>= 4
    out = bytearray()
    while size:
        out.append(first | 0x80)
        first, size = size & 0x7f, size >> 7
    out.append(first)
    return bytes(out)


def delta_size(size):
    out = bytearray()
    while size >= 0x80:
        out.append(size & 0x7f | 0x80)
        size >>= 7
    out.append(size)
    return bytes(out)


def entry(kind, data, size=None, base=b""):
    """One of a pack; `base` is the id, or the distance, of a delta's base."""
    claimed = len(data) if size is None else size
    return size_bytes(kind, claimed) + base + zlib.compress(data)


def write_pack(folder, entries):
    """`entries` are (hex id, bytes of the entry); the names need not be true.
    Returns the path without its ending."""
    pack = bytearray(b"PACK" + struct.pack(">II", 2, len(entries)))
    rows = []
    for oid, data in entries:
        rows.append((bytes.fromhex(oid), len(pack), binascii.crc32(data)))
        pack += data
    pack += hashlib.sha1(pack).digest()
    rows.sort()
    fanout = [sum(row[0][0] <= slot for row in rows) for slot in range(256)]
    index = b"\xfftOc" + struct.pack(">I", 2) + struct.pack(">256I", *fanout)
    index += b"".join(row[0] for row in rows)
    index += b"".join(struct.pack(">I", row[2]) for row in rows)
    index += b"".join(struct.pack(">I", row[1]) for row in rows)
    index += bytes(pack[-20:])
    index += hashlib.sha1(index).digest()
    os.makedirs(os.path.join(folder, "pack"), exist_ok=True)
    stem = os.path.join(folder, "pack", "pack-" + bytes(pack[-20:]).hex())
    for ending, content in ((".pack", pack), (".idx", index)):
        with open(stem + ending, "wb") as file:
            file.write(content)
    return stem
