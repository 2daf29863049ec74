/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file that needs nothing else: no network, no fonts, no scripts. Follows the reader's light or dark theme, and
 * is light on paper. */
#include "app/report.h"

#include "app/definition.h"
#include "core/json.h"

#define WIDTH_PX 690.0 /* of charts: fits on A4 */

static void
append_ink (GString *css, const char *name, AssayInk ink, double level, gboolean dark)
{
  AssayInkColour colour = assay_ink_get_colour (ink, level, dark);
  g_string_append_printf (css, "--%s:#%02x%02x%02x;", name, colour.r, colour.g, colour.b);
}

static void
append_theme (GString *css, gboolean dark)
{
  static const char *const names[] = { "text", "dim", "grid", "bar", "few", "heat" };
  g_string_append (css, dark ? ":root{--ground:#1e1e1e;" : ":root{--ground:#ffffff;");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    append_ink (css, names[i], (AssayInk) i, 0, dark);
  for (guint i = 0; i < ASSAY_INK_N_SERIES; i++)
    {
      char name[8];
      g_snprintf (name, sizeof name, "s%u", i);
      append_ink (css, name, ASSAY_INK_SERIES, i, dark);
    }
  g_string_append (css, "}\n");
}

static void
append_style (GString *html)
{
  append_theme (html, FALSE);
  g_string_append (html, "@media screen and (prefers-color-scheme:dark){");
  append_theme (html, TRUE);
  g_string_append (
      html,
      "}\n@page{size:A4;margin:16mm}\n"
      "body{font:15px/1.45 "
      "system-ui,sans-serif;color:var(--text);background:var(--ground);max-width:720px;margin:24px "
      "auto;padding:0 12px}\n"
      "h1{font-size:26px;margin:0}h2{font-size:20px;margin:36px 0 6px;border-top:1px solid "
      "var(--grid);padding-top:14px}"
      "h3{font-size:15px;margin:22px 0 6px}\n"
      "a{color:var(--bar)}h3 a{font-weight:normal;font-size:13px;margin-left:8px}.dim{color:var(--dim)}\n"
      "svg{max-width:100%;height:auto;break-inside:avoid}svg text{font:12px system-ui,sans-serif;"
      "font-variant-numeric:tabular-nums}.spot{fill:transparent}.spot:hover{stroke:var(--dim)}\n"
      "table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}td,th{padding:2px "
      "10px;text-align:left;border-bottom:1px solid var(--grid)}td.n,th.n{text-align:right}tr{break-inside:avoid}\n"
      "pre{white-space:pre-wrap;font:13px/1.45 system-ui,sans-serif}h2,h3{break-after:avoid}\n");
}

static char *
anchor_of (const char *title)
{
  char *anchor = g_ascii_strdown (title, -1);
  return g_strdelimit (anchor, " '\"<>&,", '-');
}

static void
append_words (GString *html, const char *element, const char *text)
{
  g_autofree char *words = g_markup_escape_text (text, -1);
  g_string_append_printf (html, "<%s>%s</%s>\n", element, words, element);
}

static void
append_table (GString *html, const AssayReportBlock *block)
{
  g_string_append (html, "<table><tr>");
  for (guint i = 0; block->columns[i] != NULL; i++)
    {
      g_autofree char *words = g_markup_escape_text (block->columns[i], -1);
      g_string_append_printf (html, "<th>%s</th>", words);
    }
  g_string_append (html, "</tr>\n");
  for (guint i = 0; i < block->rows->len; i++)
    {
      const GArray *row = block->rows->pdata[i];
      g_string_append (html, "<tr>");
      for (guint k = 0; k < row->len; k++)
        {
          const AssayReportCell *cell = &g_array_index (row, AssayReportCell, k);
          g_autofree char *words = g_markup_escape_text (cell->text, -1);
          if (cell->exact != NULL)
            g_string_append_printf (html, "<td class=\"n\"><data value=\"%s\">%s</data></td>", cell->exact, words);
          else
            g_string_append_printf (html, "<td>%s</td>", words);
        }
      g_string_append (html, "</tr>\n");
    }
  g_string_append (html, "</table>\n");
}

static void
append_block (GString *html, const AssayReportBlock *block, GPtrArray *used)
{
  switch (block->kind)
    {
    case ASSAY_REPORT_TITLE:
      append_words (html, "h2", block->text);
      return;
    case ASSAY_REPORT_HEADING:
      {
        g_autofree char *words = g_markup_escape_text (block->text, -1);
        g_autofree char *definition = block->define != NULL ? assay_definition_dup (block->define) : NULL;
        g_string_append_printf (html, "<h3>%s", words);
        if (definition != NULL)
          {
            g_autofree char *anchor = anchor_of (block->define);
            g_string_append_printf (html, "<a href=\"#%s\">what it means</a>", anchor);
            if (!g_ptr_array_find_with_equal_func (used, block->define, g_str_equal, NULL))
              g_ptr_array_add (used, (gpointer) block->define);
          }
        g_string_append (html, "</h3>\n");
        return;
      }
    case ASSAY_REPORT_TEXT:
      append_words (html, "p", block->text);
      return;
    case ASSAY_REPORT_CHART:
      assay_chart_append_svg (block->chart, html);
      return;
    case ASSAY_REPORT_TABLE:
      append_table (html, block);
      return;
    }
}

GString *
assay_report_to_html (const json_t *document, const char *made)
{
  const char *project = assay_json_get_string (document, "project");
  g_autofree char *name = g_markup_escape_text (project != NULL ? project : "", -1);
  g_autoptr (GPtrArray) blocks = assay_report_compose (document, NULL, WIDTH_PX), used = g_ptr_array_new ();
  GString *html = g_string_new (NULL);
  g_string_append_printf (
      html,
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>%s: how far its labels can be trusted</title>\n<style>\n",
      name);
  append_style (html);
  g_string_append_printf (html,
                          "</style></head><body>\n<h1>%s</h1>\n<p class=\"dim\">How far its labels can be trusted. "
                          "Made by Assay %s, %s.</p>\n"
                          "<p class=\"dim\">Bars end in their value; lines across them are 95 %% intervals. What "
                          "rests on fewer than 30 items has no colour. “–” is undefined, which is not 0.</p>\n",
                          name, ASSAY_VERSION, made);
  for (guint i = 0; i < blocks->len; i++)
    append_block (html, blocks->pdata[i], used);
  append_words (html, "h2", "What the numbers mean");
  for (guint i = 0; i < used->len; i++)
    {
      g_autofree char *anchor = anchor_of (used->pdata[i]), *text = assay_definition_dup (used->pdata[i]);
      g_autofree char *words = g_markup_escape_text (text, -1);
      g_string_append_printf (html, "<section id=\"%s\"><h3>%s</h3><pre>%s</pre></section>\n", anchor,
                              (const char *) used->pdata[i], words);
    }
  g_string_append (html, "</body></html>\n");
  return html;
}
