/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sweep-page.h"

#include "app/gui/marks-draw.h"
#include "app/gui/sweep-data.h"

#include <adwaita.h>

#define CELL_PX 168

/* A crop */

#define ASSAY_TYPE_SWEEP_CELL (assay_sweep_cell_get_type ())
G_DECLARE_FINAL_TYPE (AssaySweepCell, assay_sweep_cell, ASSAY, SWEEP_CELL, GtkWidget)

struct _AssaySweepCell
{
  GtkWidget parent_instance;
  const AssaySweepCrop *crop; /* borrowed from the page's sweep */
  GdkTexture *texture;
  gboolean in; /* it is repaired with the others */
};

G_DEFINE_FINAL_TYPE (AssaySweepCell, assay_sweep_cell, GTK_TYPE_WIDGET)

static void
draw_marks (const AssayMarks *marks, const AssayMarksFrame *frame, cairo_t *cr)
{
  for (guint i = 0; marks != NULL && i < marks->marks->len; i++)
    assay_mark_draw (&g_array_index (marks->marks, AssayMark, i), frame, cr);
}

static void
assay_sweep_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssaySweepCell *cell = ASSAY_SWEEP_CELL (widget);
  double w = gtk_widget_get_width (widget), h = gtk_widget_get_height (widget);
  double scale = MIN (w / cell->crop->box.w, h / cell->crop->box.h);
  double x = (w - cell->crop->box.w * scale) / 2, y = (h - cell->crop->box.h * scale) / 2;
  graphene_rect_t place = GRAPHENE_RECT_INIT ((float) x, (float) y, (float) (cell->crop->box.w * scale),
                                              (float) (cell->crop->box.h * scale));
  gtk_snapshot_push_opacity (snapshot, cell->in ? 1 : 0.35);
  gtk_snapshot_append_texture (snapshot, cell->texture, &place);
  gtk_snapshot_push_clip (snapshot, &place);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &place);
  AssayMarksFrame frame = { scale, scale, x - cell->crop->box.x * scale, y - cell->crop->box.y * scale };
  draw_marks (cell->crop->before, &frame, cr);
  if (cell->in)
    draw_marks (cell->crop->after, &frame, cr);
  cairo_destroy (cr);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
assay_sweep_cell_finalize (GObject *object)
{
  g_clear_object (&ASSAY_SWEEP_CELL (object)->texture);
  G_OBJECT_CLASS (assay_sweep_cell_parent_class)->finalize (object);
}

static void
assay_sweep_cell_class_init (AssaySweepCellClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_sweep_cell_finalize;
  GTK_WIDGET_CLASS (class)->snapshot = assay_sweep_cell_snapshot;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
assay_sweep_cell_init (AssaySweepCell *cell)
{
  gtk_widget_set_size_request (GTK_WIDGET (cell), CELL_PX, CELL_PX);
}

static GdkTexture *
texture_new (const AssayPicture *picture)
{
  g_autoptr (GBytes) bytes = g_bytes_new (picture->data, picture->stride * picture->height_px);
  return gdk_memory_texture_new ((int) picture->width_px, (int) picture->height_px, GDK_MEMORY_R8G8B8, bytes,
                                 picture->stride);
}

static GtkWidget *
cell_new (const AssaySweepCrop *crop)
{
  AssaySweepCell *cell = g_object_new (ASSAY_TYPE_SWEEP_CELL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *base = g_path_get_basename (crop->item->name);
  g_autofree char *name = g_strdup_printf ("%s · %s", base, crop->whose);
  GtkWidget *label = gtk_label_new (name);
  cell->crop = crop;
  cell->texture = texture_new (crop->crop);
  cell->in = TRUE;
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 18);
  gtk_widget_add_css_class (label, "caption");
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (cell));
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

/* The page */

struct _AssaySweepPage
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  AssayTask *task;
  AssaySweep *sweep; /* NULL while it is read */
  guint asked;       /* rises with each reading: only the newest counts */
  gboolean filling;

  GtkBox *box;
  GtkDropDown *of_class, *kind, *to;
  GtkSpinButton *n_px;
  GtkLabel *says;
  GtkFlowBox *grid;
  GtkWidget *apply;
};

G_DEFINE_FINAL_TYPE (AssaySweepPage, assay_sweep_page, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_REPAIR,
  SIGNAL_OPEN,
  SIGNAL_CLOSED,
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static AssaySweepCell *
cell_at (AssaySweepPage *page, guint i)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (page->grid, (int) i);
  return child != NULL ? ASSAY_SWEEP_CELL (gtk_widget_get_first_child (gtk_flow_box_child_get_child (child)))
                       : NULL;
}

static AssayRepair
repair_of (AssaySweepPage *page)
{
  guint class = gtk_drop_down_get_selected (page->of_class), to = gtk_drop_down_get_selected (page->to);
  AssayRepair repair = { .kind = (AssayRepairKind) gtk_drop_down_get_selected (page->kind),
                         .n_px = (guint) gtk_spin_button_get_value_as_int (page->n_px) };
  if (class < page->task->classes->len)
    repair.class_id = ((AssayClass *) page->task->classes->pdata[class])->id;
  if (to < page->task->classes->len)
    repair.to = ((AssayClass *) page->task->classes->pdata[to])->id;
  return repair;
}

/* What would be repaired. */
static guint
count (AssaySweepPage *page)
{
  guint n = 0;
  for (guint i = 0; page->sweep != NULL && i < page->sweep->crops->len; i++)
    n += cell_at (page, i)->in && cell_at (page, i)->crop->after != NULL;
  return n;
}

static void
say (AssaySweepPage *page)
{
  guint n = count (page);
  g_autofree char *apply = g_strdup_printf ("Repair %u", n);
  GString *words = g_string_new (NULL);
  if (page->sweep == NULL)
    g_string_append (words, "Reading…");
  else
    {
      g_string_append_printf (words, "%u of them stand", page->sweep->n_all);
      if (page->sweep->n_all > page->sweep->crops->len)
        g_string_append_printf (words, ", the first %u are shown and repaired", page->sweep->crops->len);
      if (page->sweep->undecided > 0)
        g_string_append_printf (words, " · %u undecided item%s left to a reviewer", page->sweep->undecided,
                                page->sweep->undecided == 1 ? " is" : "s are");
      g_string_append (words, " · Space: leave out or take in · Enter: open");
    }
  gtk_label_set_text (page->says, words->str);
  gtk_button_set_label (GTK_BUTTON (page->apply), apply);
  gtk_widget_set_sensitive (page->apply, n > 0 && !assay_desk_is_read_only (page->desk));
  g_string_free (words, TRUE);
}

/* Reading: the crops, off the main loop */

typedef struct
{
  guint asked;
  gint64 task_row;
  AssayRepair repair;
  AssaySweep *sweep;
} Reading;

static void
reading_free (Reading *reading)
{
  assay_sweep_free (reading->sweep);
  g_free (reading);
}

static gboolean
read_crops (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  Reading *reading = data;
  reading->sweep = assay_sweep_read (project, reading->task_row, &reading->repair, progress, error);
  return reading->sweep != NULL;
}

static void
clear (AssaySweepPage *page)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (page->grid))) != NULL)
    gtk_flow_box_remove (page->grid, child);
  g_clear_pointer (&page->sweep, assay_sweep_free);
}

static void on_repair (AssaySweepPage *page);

static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  AssaySweepPage *page = owner;
  Reading *reading = data;
  if (reading->asked != page->asked)
    return;
  if (error != NULL)
    {
      g_signal_emit (page, signals[SIGNAL_FAILED], 0, error);
      return;
    }
  clear (page);
  page->sweep = g_steal_pointer (&reading->sweep);
  for (guint i = 0; i < page->sweep->crops->len; i++)
    gtk_flow_box_append (page->grid, cell_new (page->sweep->crops->pdata[i]));
  on_repair (page); /* another may have been chosen since the reading began */
}

static void
ask (AssaySweepPage *page)
{
  if (page->filling)
    return;
  Reading *reading = g_new0 (Reading, 1);
  reading->asked = ++page->asked;
  reading->task_row = page->task->row;
  reading->repair = repair_of (page);
  clear (page);
  say (page);
  assay_desk_start_job (page->desk, "Reading the crops", ASSAY_STORE_READ, read_crops, reading,
                        (GDestroyNotify) reading_free, on_read, page);
}

/* Another repair: pixels around the objects alone, so a moment for all that are shown. */
static void
on_repair (AssaySweepPage *page)
{
  const AssayRepair repair = repair_of (page);
  gtk_widget_set_visible (GTK_WIDGET (page->n_px), repair.kind != ASSAY_REPAIR_CLASS);
  gtk_widget_set_visible (GTK_WIDGET (page->to), repair.kind == ASSAY_REPAIR_CLASS);
  for (guint i = 0; page->sweep != NULL && i < page->sweep->crops->len; i++)
    {
      AssaySweepCrop *crop = page->sweep->crops->pdata[i];
      g_clear_pointer (&crop->after, assay_marks_free);
      crop->after = assay_sweep_preview (page->sweep, crop, &repair);
      gtk_widget_queue_draw (GTK_WIDGET (cell_at (page, i)));
    }
  say (page);
}

/* What is done with a crop */

static void
toggle (AssaySweepPage *page)
{
  GList *selected = gtk_flow_box_get_selected_children (page->grid);
  for (GList *at = selected; at != NULL; at = at->next)
    {
      AssaySweepCell *cell = cell_at (page, (guint) gtk_flow_box_child_get_index (at->data));
      cell->in = !cell->in;
      gtk_widget_queue_draw (GTK_WIDGET (cell));
    }
  g_list_free (selected);
  say (page);
}

static void
on_activated (AssaySweepPage *page, GtkFlowBoxChild *child)
{
  AssaySweepCell *cell = cell_at (page, (guint) gtk_flow_box_child_get_index (child));
  g_signal_emit (page, signals[SIGNAL_OPEN], 0, cell->crop->item->row, page->task->row);
}

static void
on_apply (AssaySweepPage *page)
{
  const AssayRepair repair = repair_of (page);
  g_autoptr (GHashTable) chosen = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  for (guint i = 0; page->sweep != NULL && i < page->sweep->crops->len; i++)
    if (cell_at (page, i)->in && cell_at (page, i)->crop->after != NULL)
      g_hash_table_add (chosen, g_memdup2 (&cell_at (page, i)->crop->object->id, sizeof (AssayId)));
  if (g_hash_table_size (chosen) > 0)
    g_signal_emit (page, signals[SIGNAL_REPAIR], 0, &repair, chosen);
}

static void
on_close (AssaySweepPage *page)
{
  g_signal_emit (page, signals[SIGNAL_CLOSED], 0);
}

static gboolean
on_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType modifiers,
        AssaySweepPage *page)
{
  gboolean enter = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter,
           control = (modifiers & GDK_CONTROL_MASK) != 0;
  if (enter && control)
    on_apply (page);
  else if (keyval == GDK_KEY_Escape)
    on_close (page);
  else if (keyval == GDK_KEY_space && gtk_widget_get_focus_child (GTK_WIDGET (page->grid)) != NULL)
    toggle (page);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

/* Making it */

static GtkDropDown *
classes_new (const AssayTask *task, const char *name)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  for (guint i = 0; i < task->classes->len; i++)
    gtk_string_list_append (names, ((AssayClass *) task->classes->pdata[i])->name);
  GtkWidget *list = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&names)), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return GTK_DROP_DOWN (list);
}

static void
fill (AssaySweepPage *page)
{
  static const char *const kinds[] = { "is too small by", "is too large by", "is really", NULL };
  gboolean reshapes
      = g_str_equal (page->task->kind->id, "segmentation") || g_str_equal (page->task->kind->id, "box");
  GtkWidget *header = adw_header_bar_new (), *close = gtk_button_new_with_label ("Close"),
            *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *scrolled = gtk_scrolled_window_new ();
  page->filling = TRUE;
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), adw_window_title_new ("Sweep", page->task->name));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), close);
  page->apply = gtk_button_new_with_label ("Repair 0");
  gtk_widget_add_css_class (page->apply, "suggested-action");
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), page->apply);
  page->of_class = classes_new (page->task, "Class");
  page->to = classes_new (page->task, "Really");
  page->kind = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (kinds));
  page->n_px = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (1, 64, 1));
  gtk_drop_down_set_selected (page->kind, reshapes ? ASSAY_REPAIR_GROW : ASSAY_REPAIR_CLASS);
  gtk_widget_set_sensitive (GTK_WIDGET (page->kind), reshapes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (page->kind), GTK_ACCESSIBLE_PROPERTY_LABEL, "Fault", -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (page->n_px), GTK_ACCESSIBLE_PROPERTY_LABEL, "Pixels", -1);
  page->says = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (page->says, 0);
  gtk_label_set_ellipsize (page->says, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (page->says), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (page->says), "dim-label");
  gtk_widget_add_css_class (row, "sweep-row");
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (page->of_class));
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (page->kind));
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (page->n_px));
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (page->to));
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (page->says));
  page->grid = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_max_children_per_line (page->grid, 40);
  gtk_flow_box_set_homogeneous (page->grid, TRUE);
  gtk_flow_box_set_activate_on_single_click (page->grid, FALSE);
  gtk_widget_set_valign (GTK_WIDGET (page->grid), GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (page->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, "Crops", -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (page->grid));
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (page->box, header);
  gtk_box_append (page->box, row);
  gtk_box_append (page->box, scrolled);
  g_signal_connect_object (close, "clicked", G_CALLBACK (on_close), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->apply, "clicked", G_CALLBACK (on_apply), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->of_class, "notify::selected", G_CALLBACK (ask), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->kind, "notify::selected", G_CALLBACK (on_repair), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->to, "notify::selected", G_CALLBACK (on_repair), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->n_px, "value-changed", G_CALLBACK (on_repair), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->grid, "child-activated", G_CALLBACK (on_activated), page, G_CONNECT_SWAPPED);
  page->filling = FALSE;
}

GtkWidget *
assay_sweep_page_new (AssayDesk *desk, const AssayTask *task)
{
  AssaySweepPage *page = g_object_new (ASSAY_TYPE_SWEEP_PAGE, NULL);
  page->desk = g_object_ref (desk);
  page->task = assay_task_copy (task);
  fill (page);
  on_repair (page);
  ask (page);
  return GTK_WIDGET (page);
}

static gboolean
assay_sweep_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ASSAY_SWEEP_PAGE (widget)->of_class));
}

static void
assay_sweep_page_dispose (GObject *object)
{
  AssaySweepPage *page = ASSAY_SWEEP_PAGE (object);
  page->filling = TRUE;
  page->asked++;
  if (page->box != NULL)
    clear (page);
  g_clear_pointer ((GtkWidget **) &page->box, gtk_widget_unparent);
  g_clear_object (&page->desk);
  g_clear_pointer (&page->task, assay_task_free);
  G_OBJECT_CLASS (assay_sweep_page_parent_class)->dispose (object);
}

static void
assay_sweep_page_class_init (AssaySweepPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_sweep_page_dispose;
  GTK_WIDGET_CLASS (class)->grab_focus = assay_sweep_page_grab_focus;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signals[SIGNAL_REPAIR] = g_signal_new ("repair", ASSAY_TYPE_SWEEP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
  signals[SIGNAL_OPEN] = g_signal_new ("open", ASSAY_TYPE_SWEEP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  signals[SIGNAL_CLOSED]
      = g_signal_new ("closed", ASSAY_TYPE_SWEEP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", ASSAY_TYPE_SWEEP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
assay_sweep_page_init (AssaySweepPage *page)
{
  page->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_widget_set_parent (GTK_WIDGET (page->box), GTK_WIDGET (page));
  GtkEventController *keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), page);
  gtk_widget_add_controller (GTK_WIDGET (page), keys);
}
