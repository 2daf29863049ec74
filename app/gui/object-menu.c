/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/object-menu.h"

#include "annotate/edits-selection.h"

static void
append (GMenu *section, const char *title, const char *action, const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (title, NULL);
  g_menu_item_set_action_and_target_value (item, action, target != NULL ? g_variant_new_string (target) : NULL);
  g_menu_append_item (section, item);
}

GMenuModel *
assay_object_menu_new (const AssayKind *kind)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) section = NULL;
  guint n, last = G_MAXUINT;
  const AssayAct *acts = assay_acts_list (&n);
  for (guint i = 0; i < n; i++)
    {
      if (!assay_act_serves (&acts[i], kind))
        continue;
      if (acts[i].section != last)
        {
          g_clear_object (&section);
          section = g_menu_new ();
          g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
          last = acts[i].section;
        }
      append (section, acts[i].title, "page.act", acts[i].id);
    }
  g_autoptr (GMenu) carry = g_menu_new ();
  append (carry, "Copy to the Next Picture", "page.carry", "copy");
  if (g_str_equal (kind->id, "segmentation"))
    {
      append (carry, "Follow into the Next Picture", "page.carry", "flow");
      append (carry, "Masks from Boxes", "page.carry", "boxes");
    }
  append (carry, "Predictions of Models", "page.carry", "predictions");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (carry));
  g_autoptr (GMenu) rest = g_menu_new ();
  append (rest, "Hide or Show", "page.hide", NULL);
  append (rest, "Lock or Unlock", "page.lock", NULL);
  append (rest, "Remove", "page.remove", NULL);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (rest));
  return G_MENU_MODEL (menu);
}
