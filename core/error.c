/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"

#include <errno.h>

/* clang-format off */
/* Rooms fail on any thread, so this is not G_DEFINE_QUARK, which would be a data race. */
GQuark
assay_error_quark (void)
{
  static gsize quark;
  if (g_once_init_enter (&quark))
    g_once_init_leave (&quark, g_quark_from_static_string ("assay-error-quark"));
  return (GQuark) quark;
}
/* clang-format on */

static const char *
advice (int errnum)
{
  switch (errnum)
    {
    case ENOSPC:
    case EDQUOT:
      return "; free some space and try again, nothing was half written";
    case EROFS:
    case EACCES:
    case EPERM:
      return "; choose a folder that you may write to";
    case EMFILE:
      return "; close other programs or raise the limit of open files (ulimit -n)";
    default:
      return "";
    }
}

void
assay_error_set_errno (GError **error, int errnum, const char *format, ...)
{
  AssayErrorCode code = errnum == ENOSPC || errnum == EDQUOT ? ASSAY_ERROR_NO_SPACE
                        : errnum == ENOENT                   ? ASSAY_ERROR_NOT_FOUND
                                                             : ASSAY_ERROR_IO;
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, ASSAY_ERROR, code, "%s: %s%s", what, g_strerror (errnum), advice (errnum));
}

gboolean
assay_error_bad_data (GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, why);
  return FALSE;
}
