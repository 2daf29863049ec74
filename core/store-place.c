/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store-place.h"

#include "core/error.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#define FUSE_SUPER_MAGIC 0x65735546

/* Numbers of linux/magic.h and statfs(2); cluster file systems are shared between machines too. */
static const struct
{
  guint64 f_type;
  const char *name;
} shared[] = {
  { 0x6969, "NFS" },          { 0x517b, "SMB" },        { 0xff534d42, "CIFS" },   { 0xfe534d42, "SMB2" },
  { 0x01021997, "9p" },       { 0x5346414f, "AFS" },    { 0x6b414653, "AFS" },    { 0x73757245, "Coda" },
  { 0x564c, "NCP" },          { 0x00c36400, "Ceph" },   { 0x0bd00bd0, "Lustre" }, { 0x47504653, "GPFS" },
  { 0x7461636f, "OCFS2" },    { 0x01161970, "GFS2" },   { 0xaad7aaea, "PanFS" },  { 0x19830326, "BeeGFS" },
  { 0x20030528, "OrangeFS" }, { 0x786f4256, "vboxsf" },
};

/* FUSE tells nothing by its number, and most of it reaches over a network: only what is known to sit on a local
 * disk may pass. */
static const char *const local_fuse[]
    = { "fuseblk",     "fuse.ntfs-3g",  "fuse.exfat",          "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs",
        "fuse.bindfs", "fuse.mergerfs", "fuse.fuse-overlayfs", "fuse.ext2",      "fuse.zfs",   "fuse.lxcfs",
        NULL };

const char *
assay_place_network_name (guint64 f_type, const char *mount_type)
{
  /* statfs has the number in a signed long on some machines. */
  guint64 number = f_type & 0xffffffff;
  for (guint i = 0; i < G_N_ELEMENTS (shared); i++)
    if (shared[i].f_type == number)
      return shared[i].name;
  if (number != FUSE_SUPER_MAGIC)
    return NULL;
  if (mount_type == NULL)
    return "FUSE";
  return g_strv_contains (local_fuse, mount_type) ? NULL : mount_type;
}

/* "36 35 98:0 /root /mount rw,noatime master:1 - ext4 /dev/root rw" (proc(5)): device third, type after " - ". */
static char *
dup_mount_type (const char *path)
{
  struct stat about;
  g_autofree char *text = NULL;
  if (stat (path, &about) != 0 || !g_file_get_contents ("/proc/self/mountinfo", &text, NULL, NULL))
    return NULL;
  g_autofree char *device = g_strdup_printf ("%u:%u", major (about.st_dev), minor (about.st_dev));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) words = g_strsplit (*line, " ", 4);
      const char *dash = strstr (*line, " - ");
      if (g_strv_length (words) < 4 || dash == NULL || !g_str_equal (words[2], device))
        continue;
      return g_strndup (dash + 3, strcspn (dash + 3, " "));
    }
  return NULL;
}

gboolean
assay_place_check (const char *directory, GError **error)
{
  struct statfs about;
  if (statfs (directory, &about) != 0)
    {
      assay_error_set_errno (error, errno, "looking at %s", directory);
      return FALSE;
    }
  g_autofree char *mount_type = (guint64) about.f_type == FUSE_SUPER_MAGIC ? dup_mount_type (directory) : NULL;
  const char *name = assay_place_network_name ((guint64) about.f_type, mount_type);
  if (name == NULL)
    return TRUE;
  g_set_error (
      error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
      "opening a project in %s: it lies on a network file system (%s), where a database can be damaged; keep it"
      " on a local disk and share it by `assay sync` or `assay import`",
      directory, name);
  return FALSE;
}
