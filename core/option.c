/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/option.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

struct _AssayOptions {
  const AssayOption *declared;
  guint n;
  char **texts; /* one a declaration */
};

AssayOptions *
assay_options_new (const AssayOption *declared)
{
  AssayOptions *options = g_new0 (AssayOptions, 1);
  options->declared = declared;
  while (declared != NULL && declared[options->n].name != NULL)
    options->n++;
  options->texts = g_new0 (char *, options->n);
  for (guint i = 0; i < options->n; i++)
    options->texts[i] = g_strdup (declared[i].default_text);
  return options;
}

AssayOptions *
assay_options_copy (const AssayOptions *options)
{
  AssayOptions *copy = g_memdup2 (options, sizeof *options);
  copy->texts = g_new0 (char *, copy->n);
  for (guint i = 0; i < copy->n; i++)
    copy->texts[i] = g_strdup (options->texts[i]);
  return copy;
}

void
assay_options_free (AssayOptions *options)
{
  if (options == NULL)
    return;
  for (guint i = 0; i < options->n; i++)
    g_free (options->texts[i]);
  g_free (options->texts);
  g_free (options);
}

static gboolean
parse_number (const AssayOption *option, const char *text, GError **error)
{
  char *end = NULL;
  double value = g_ascii_strtod (text, &end);
  gboolean whole = option->type != ASSAY_OPTION_INT || value == floor (value);
  if (end == text || *end != '\0' || !isfinite (value) || !whole)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "option %s: \"%s\" is not a %snumber; %s", option->name, text,
                   option->type == ASSAY_OPTION_INT ? "whole " : "", option->help);
      return FALSE;
    }
  if ((option->minimum != 0 || option->maximum != 0) && (value < option->minimum || value > option->maximum))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "option %s: %s is outside %g to %g; %s", option->name, text,
                   option->minimum, option->maximum, option->help);
      return FALSE;
    }
  return TRUE;
}

static gboolean
allowed_choice (const AssayOption *option, const char *text, GError **error)
{
  if (g_strv_contains (option->choices, text))
    return TRUE;
  g_autofree char *choices = g_strjoinv (", ", (char **) option->choices);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "option %s: \"%s\" is none of %s", option->name, text, choices);
  return FALSE;
}

static gboolean
allowed (const AssayOption *option, const char *text, GError **error)
{
  switch (option->type)
    {
    case ASSAY_OPTION_INT:
    case ASSAY_OPTION_DOUBLE:
      return parse_number (option, text, error);
    case ASSAY_OPTION_BOOL:
      if (g_str_equal (text, "true") || g_str_equal (text, "false"))
        return TRUE;
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "option %s: \"%s\" is neither true nor false; %s",
                   option->name, text, option->help);
      return FALSE;
    case ASSAY_OPTION_CHOICE:
      return allowed_choice (option, text, error);
    case ASSAY_OPTION_STRING:
    default:
      return TRUE;
    }
}

static int
find (const AssayOptions *options, const char *name)
{
  for (guint i = 0; i < options->n; i++)
    if (g_str_equal (options->declared[i].name, name))
      return (int) i;
  return -1;
}

gboolean
assay_options_set (AssayOptions *options, const char *name, const char *text, GError **error)
{
  int at = find (options, name);
  if (at < 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "option %s: there is no such option", name);
      return FALSE;
    }
  if (!allowed (&options->declared[at], text, error))
    return FALSE;
  g_free (options->texts[at]);
  options->texts[at] = g_strdup (text);
  return TRUE;
}

static const char *
get (const AssayOptions *options, const char *name)
{
  int at = find (options, name);
  g_assert (at >= 0);
  return options->texts[at];
}

gboolean
assay_options_get_bool (const AssayOptions *options, const char *name)
{
  return g_strcmp0 (get (options, name), "true") == 0;
}

gint64
assay_options_get_int (const AssayOptions *options, const char *name)
{
  return (gint64) g_ascii_strtod (get (options, name), NULL);
}

double
assay_options_get_double (const AssayOptions *options, const char *name)
{
  return g_ascii_strtod (get (options, name), NULL);
}

const char *
assay_options_get_string (const AssayOptions *options, const char *name)
{
  return get (options, name);
}

char *
assay_options_dup_text (const AssayOptions *options)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < options->n; i++)
    g_string_append_printf (text, "%s%s=%s", i > 0 ? "," : "", options->declared[i].name,
                            options->texts[i] != NULL ? options->texts[i] : "");
  return g_string_free (text, FALSE);
}
