/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes labels.json of the sample project from what was drawn and clicked (make/drawn.json), by the means that
 * ../LICENCES.md describes:
 *
 *   make-labels SAMPLE_DIR > labels.json
 *
 * The same input gives the same bytes, but for GrabCut's masks, which may move by a pixel from one OpenCV to the
 * next. */
#include "core/json.h"
#include "core/picture.h"
#include "vision/vision.h"

#include <math.h>
#include <stdio.h>

typedef struct
{
  const char *directory;
  json_t *project, *drawn;
  AssayCamera camera;
  GString *out;
} Make;

/* --- the parts of a label --- */

static const json_t *
find_named (const json_t *list, const char *key, const char *name)
{
  gsize i;
  json_t *entry;
  json_array_foreach (list, i, entry) if (g_strcmp0 (assay_json_get_string (entry, key), name) == 0) return entry;
  g_error ("project.json has nothing whose %s is %s", key, name);
}

static double
get_number (const json_t *object, const char *key)
{
  double value = 0;
  assay_json_get_double (object, key, &value);
  return value;
}

static double
rounded (double value, double step)
{
  return round (value / step) * step;
}

/* `step` is a negative power of ten: dividing by its whole inverse gives the shortest decimals. */
static json_t *
number (double value, int per_unit)
{
  return json_real (round (value * per_unit) / per_unit);
}

static json_t *
point_to_json (AssayPoint p)
{
  return json_pack ("[oo]", number (p.x, 10), number (p.y, 10));
}

static AssayPoint
point_from_json (const json_t *json)
{
  return (AssayPoint){ json_number_value (json_array_get (json, 0)), json_number_value (json_array_get (json, 1)) };
}

/* Which thing of the sequence an object is: {"class": …, "track": …}. */
static json_t *
new_object (const Make *make, const char *item, const char *class, const char *drawn_as)
{
  const char *sequence
      = assay_json_get_string (find_named (json_object_get (make->project, "items"), "file", item), "sequence");
  g_autofree char *key = g_strdup_printf ("%s/%s", sequence != NULL ? sequence : "", drawn_as);
  const char *track = assay_json_get_string (json_object_get (make->project, "tracks"), key);
  json_t *object = json_object ();
  json_object_set_new (object, "class", json_string (class));
  if (track != NULL)
    json_object_set_new (object, "track", json_string (track));
  return object;
}

/* One line of labels.json. The seconds follow the means' model in project.json. */
static void
add_label (Make *make, const char *item, const char *task, const char *annotator, const char *tool,
           const char *assisted, json_t *take_objects, guint n_points, double sound_s)
{
  const json_t *means = find_named (json_object_get (make->project, "annotators"), "name", annotator);
  const char *kind
      = assay_json_get_string (find_named (json_object_get (make->project, "tasks"), "name", task), "kind");
  double seconds = get_number (means, "seconds_per_object") * (double) json_array_size (take_objects)
                   + get_number (means, "seconds_per_point") * n_points
                   + get_number (means, "seconds_per_second") * sound_s;
  g_autofree char *schema = g_strdup_printf ("assay.%s/1", kind);
  g_autoptr (json_t) label = json_pack ("{s:s, s:s, s:s, s:o, s:s, s:s*, s:{s:s, s:o}}", "item", item, "task", task,
                                        "annotator", annotator, "seconds", number (seconds, 10), "tool", tool,
                                        "assisted", assisted, "label", "schema", schema, "objects", take_objects);
  g_string_append (make->out, make->out->len > 0 ? ",\n" : "");
  assay_json_canonical_append (label, make->out);
}

/* --- outlines --- */

static json_t *
ring_to_object (const Make *make, const char *item, const char *class, const char *drawn_as, const GArray *ring)
{
  json_t *points = json_array ();
  for (guint i = 0; i < ring->len; i++)
    json_array_append_new (points, point_to_json (g_array_index (ring, AssayPoint, i)));
  json_t *object = new_object (make, item, class, drawn_as);
  json_object_set_new (object, "rings", json_pack ("[{s:b, s:o}]", "hole", 0, "points", points));
  return object;
}

static GArray *
read_ring (const json_t *outline)
{
  GArray *ring = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  gsize i;
  json_t *point;
  json_array_foreach (outline, i, point)
  {
    AssayPoint p = point_from_json (point);
    g_array_append_val (ring, p);
  }
  return ring;
}

static void
make_careful_outlines (Make *make)
{
  const char *item;
  json_t *shapes, *shape;
  json_object_foreach (json_object_get (make->drawn, "outlines"), item, shapes)
  {
    json_t *objects = json_array ();
    guint n_points = 0;
    gsize i;
    json_array_foreach (shapes, i, shape)
    {
      const char *class = assay_json_get_string (shape, "class");
      g_autoptr (GArray) ring = read_ring (json_object_get (shape, "outline"));
      json_array_append_new (objects, ring_to_object (make, item, class, class, ring));
      n_points += ring->len;
    }
    add_label (make, item, "objects", "careful-polygon", "polygon", NULL, objects, n_points, 0);
  }
}

static double
corner_area (const GArray *ring, guint i)
{
  AssayPoint a = g_array_index (ring, AssayPoint, (i + ring->len - 1) % ring->len);
  AssayPoint b = g_array_index (ring, AssayPoint, i), c = g_array_index (ring, AssayPoint, (i + 1) % ring->len);
  return fabs ((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2;
}

/* Visvalingam and Whyatt, 1993: the corner whose triangle is smallest goes first. */
static void
simplify (GArray *ring, guint n_corners)
{
  while (ring->len > n_corners)
    {
      guint least = 0;
      for (guint i = 1; i < ring->len; i++)
        if (corner_area (ring, i) < corner_area (ring, least))
          least = i;
      g_array_remove_index (ring, least);
    }
}

static gboolean
is_left_out (const json_t *coarse, const char *item, const char *class)
{
  gsize i;
  json_t *name;
  json_array_foreach (json_object_get (json_object_get (coarse, "left_out"), item), i,
                      name) if (g_strcmp0 (json_string_value (name), class) == 0) return TRUE;
  return FALSE;
}

static json_t *
coarse_object (const Make *make, const json_t *coarse, const char *item, const json_t *shape)
{
  const char *class = assay_json_get_string (shape, "class");
  const char *called = assay_json_get_string (json_object_get (json_object_get (coarse, "called"), item), class);
  g_autoptr (GArray) ring = read_ring (json_object_get (shape, "outline"));
  simplify (ring, (guint) get_number (coarse, "corners"));
  for (guint i = 0; i < ring->len; i++)
    {
      AssayPoint *p = &g_array_index (ring, AssayPoint, i);
      *p = (AssayPoint){ rounded (p->x, get_number (coarse, "grid_px")),
                         rounded (p->y, get_number (coarse, "grid_px")) };
    }
  return ring_to_object (make, item, called != NULL ? called : class, class, ring);
}

static void
make_coarse_outlines (Make *make)
{
  const json_t *coarse = json_object_get (make->drawn, "coarse");
  gsize i, k;
  json_t *item, *shape;
  json_array_foreach (json_object_get (coarse, "items"), i, item)
  {
    const char *name = json_string_value (item);
    json_t *objects = json_array ();
    json_array_foreach (json_object_get (json_object_get (make->drawn, "outlines"), name), k,
                        shape) if (!is_left_out (coarse, name, assay_json_get_string (shape, "class")))
        json_array_append_new (objects, coarse_object (make, coarse, name, shape));
    guint n_points = (guint) (json_array_size (objects) * get_number (coarse, "corners"));
    add_label (make, name, "objects", "coarse-polygon", "polygon", NULL, objects, n_points, 0);
  }
}

static AssayRect
bounds_of (const GArray *ring, double margin_px)
{
  double left = HUGE_VAL, top = HUGE_VAL, right = -HUGE_VAL, bottom = -HUGE_VAL;
  for (guint i = 0; i < ring->len; i++)
    {
      AssayPoint p = g_array_index (ring, AssayPoint, i);
      left = MIN (left, p.x);
      top = MIN (top, p.y);
      right = MAX (right, p.x);
      bottom = MAX (bottom, p.y);
    }
  return (AssayRect){ left - margin_px, top - margin_px, right - left + 2 * margin_px,
                      bottom - top + 2 * margin_px };
}

static json_t *
cut_object (const Make *make, const json_t *grabcut, const AssayPicture *picture, const char *item,
            const json_t *shape)
{
  g_autoptr (GArray) ring = read_ring (json_object_get (shape, "outline"));
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayMask) mask = assay_vision_grabcut (picture, bounds_of (ring, get_number (grabcut, "margin_px")),
                                                     (guint) get_number (grabcut, "rounds"),
                                                     (guint) get_number (grabcut, "side_px"), &error);
  if (mask == NULL)
    g_error ("%s: %s", item, error->message);
  g_autofree char *counts = assay_mask_to_coco (mask);
  const char *class = assay_json_get_string (shape, "class");
  json_t *object = new_object (make, item, class, class);
  json_object_set_new (
      object, "mask",
      json_pack ("{s:[ii], s:s}", "size", (int) mask->height_px, (int) mask->width_px, "counts", counts));
  return object;
}

static void
make_grabcut_masks (Make *make)
{
  const json_t *grabcut = json_object_get (make->drawn, "grabcut");
  gsize i, k;
  json_t *item, *shape;
  json_array_foreach (json_object_get (grabcut, "items"), i, item)
  {
    const char *name = json_string_value (item);
    g_autofree char *path = g_build_filename (make->directory, "media", name, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (AssayPicture) picture = assay_picture_load (path, &error);
    if (picture == NULL)
      g_error ("%s", error->message);
    json_t *objects = json_array ();
    json_array_foreach (json_object_get (json_object_get (make->drawn, "outlines"), name), k, shape)
        json_array_append_new (objects, cut_object (make, grabcut, picture, name, shape));
    add_label (make, name, "objects", "grabcut-from-box", "grabcut", "grabcut", objects, 0, 0);
  }
}

/* --- corners and poses --- */

enum
{
  N_CORNERS = 8
};

typedef struct
{
  const char *name; /* of the node */
  AssayPoint3 model_m;
  gboolean clicked, covered; /* seen by whoever clicked; under the thumb */
  AssayPoint at;
} Corner;

typedef struct
{
  Corner corners[N_CORNERS];
} Box;

static Box
read_box (const Make *make, const char *item)
{
  Box box = { 0 };
  const json_t *clicks = json_object_get (json_object_get (make->drawn, "clicks"), item);
  const json_t *nodes
      = json_object_get (find_named (json_object_get (make->project, "tasks"), "name", "box-corners"), "nodes");
  for (guint i = 0; i < N_CORNERS; i++)
    {
      Corner *corner = &box.corners[i];
      corner->name = assay_json_get_string (json_array_get (nodes, i), "name");
      const json_t *cm = json_object_get (json_object_get (make->drawn, "corners_cm"), corner->name);
      const json_t *click = json_object_get (clicks, corner->name);
      corner->model_m = (AssayPoint3){ json_number_value (json_array_get (cm, 0)) / 100,
                                       json_number_value (json_array_get (cm, 1)) / 100,
                                       json_number_value (json_array_get (cm, 2)) / 100 };
      corner->clicked = click != NULL;
      corner->covered = g_strcmp0 (corner->name, assay_json_get_string (make->drawn, "covered")) == 0;
      if (click != NULL)
        corner->at = point_from_json (click);
    }
  return box;
}

/* The pose that the clicks give, with the clicks themselves, as a value of kind pose. */
static json_t *
solve (const Make *make, const char *item, const Box *box, AssayPose *ret_pose)
{
  AssayPoint3 model[N_CORNERS];
  AssayPoint image[N_CORNERS];
  guint n = 0;
  double rms_px;
  g_autoptr (GError) error = NULL;
  json_t *pairs = json_array (), *r = json_array (), *t = json_array ();
  for (guint i = 0; i < N_CORNERS; i++)
    if (box->corners[i].clicked)
      {
        AssayPoint3 m = box->corners[i].model_m;
        model[n] = m;
        image[n++] = box->corners[i].at;
        json_array_append_new (pairs,
                               json_pack ("{s:[ooo], s:o}", "model_m", number (m.x, 1000), number (m.y, 1000),
                                          number (m.z, 1000), "image_px", point_to_json (box->corners[i].at)));
      }
  if (!assay_vision_solve_pose (model, image, n, &make->camera, ret_pose, &rms_px, NULL, &error))
    g_error ("%s: %s", item, error->message);
  for (guint i = 0; i < 9; i++)
    json_array_append_new (r, number (ret_pose->r[i], 1000000));
  for (guint i = 0; i < 3; i++)
    json_array_append_new (t, number (ret_pose->t_m[i], 100000));
  json_t *object = new_object (make, item, "box", "box");
  json_object_set_new (object, "pose", json_pack ("{s:o, s:o}", "r", r, "t_m", t));
  json_object_set (object, "camera", json_object_get (make->project, "camera"));
  json_object_set_new (object, "pairs", pairs);
  json_object_set_new (object, "rms_px", number (rms_px, 1000));
  return object;
}

static void
add_corners (Make *make, const char *item, const char *annotator, const Box *box, const gboolean *placed)
{
  json_t *points = json_array ();
  guint n_placed = 0;
  for (guint i = 0; i < N_CORNERS; i++)
    {
      const Corner *corner = &box->corners[i];
      json_t *point = json_pack ("{s:s}", "node", corner->name);
      const char *state = !placed[i] ? "unlabelled" : corner->clicked && !corner->covered ? "visible" : "occluded";
      json_object_set_new (point, "state", json_string (state));
      if (placed[i])
        json_object_set_new (point, "at", point_to_json (corner->at));
      json_array_append_new (points, point);
      n_placed += placed[i];
    }
  json_t *object = new_object (make, item, "box", "box");
  json_object_set_new (object, "points", points);
  add_label (make, item, "box-corners", annotator, "skeleton", NULL, json_pack ("[o]", object), n_placed, 0);
}

static void
project_corners (const Make *make, const AssayPose *pose, Box *box, gboolean clicked_too)
{
  for (guint i = 0; i < N_CORNERS; i++)
    if (clicked_too || !box->corners[i].clicked)
      assay_vision_project (pose, &make->camera, &box->corners[i].model_m, 1, &box->corners[i].at);
}

static gboolean
has_item (const json_t *part, const char *item)
{
  gsize i;
  json_t *name;
  json_array_foreach (json_object_get (part, "items"), i,
                      name) if (g_str_equal (json_string_value (name), item)) return TRUE;
  return FALSE;
}

static guint
count_clicked (const Box *box)
{
  guint n = 0;
  for (guint i = 0; i < N_CORNERS; i++)
    n += box->corners[i].clicked;
  return n;
}

static guint
index_of (const Box *box, const char *name)
{
  guint i = 0;
  while (!g_str_equal (box->corners[i].name, name))
    i++;
  return i;
}

/* A hidden corner guessed as a hurried eye does: the edge beside it, moved. */
static void
guess_by_parallelogram (Box *box)
{
  static const char *const sides[] = { "left", "right" };
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *hidden = g_strconcat ("base-back-", sides[i], NULL);
      g_autofree char *above = g_strconcat ("lid-back-", sides[i], NULL);
      g_autofree char *lid = g_strconcat ("lid-front-", sides[i], NULL);
      g_autofree char *base = g_strconcat ("base-front-", sides[i], NULL);
      const Corner *up = &box->corners[index_of (box, above)], *near_lid = &box->corners[index_of (box, lid)];
      const Corner *near_base = &box->corners[index_of (box, base)];
      Corner *corner = &box->corners[index_of (box, hidden)];
      if (!corner->clicked)
        corner->at = (AssayPoint){ up->at.x + near_base->at.x - near_lid->at.x,
                                   up->at.y + near_base->at.y - near_lid->at.y };
    }
}

static void
make_coarse_clicks (Make *make, const char *item)
{
  const json_t *coarse = json_object_get (make->drawn, "coarse_clicks");
  const json_t *swapped = json_object_get (json_object_get (coarse, "swapped"), item);
  Box box = read_box (make, item);
  AssayPose pose;
  gboolean placed[N_CORNERS];
  if (swapped != NULL)
    {
      Corner *a = &box.corners[index_of (&box, json_string_value (json_array_get (swapped, 0)))];
      Corner *b = &box.corners[index_of (&box, json_string_value (json_array_get (swapped, 1)))];
      AssayPoint at = a->at;
      a->at = b->at;
      b->at = at;
    }
  guess_by_parallelogram (&box);
  for (guint i = 0; i < N_CORNERS; i++)
    {
      Corner *corner = &box.corners[i];
      double grid_px = get_number (coarse, "grid_px");
      corner->at = (AssayPoint){ rounded (corner->at.x, grid_px), rounded (corner->at.y, grid_px) };
      placed[i] = !corner->covered;
      corner->clicked &= !corner->covered;
    }
  add_corners (make, item, "coarse-clicks", &box, placed);
  json_t *posed = solve (make, item, &box, &pose);
  add_label (make, item, "box-pose", "coarse-clicks", "pose", NULL, json_pack ("[o]", posed), count_clicked (&box),
             0);
}

static void
make_lid_pose (Make *make, const char *item)
{
  Box box = read_box (make, item);
  AssayPose pose;
  for (guint i = 0; i < N_CORNERS; i++)
    box.corners[i].clicked &= g_str_has_prefix (box.corners[i].name, "lid-");
  json_t *posed = solve (make, item, &box, &pose);
  add_label (make, item, "box-pose", "lid-clicks", "pose", NULL, json_pack ("[o]", posed), count_clicked (&box), 0);
}

static void
make_box (Make *make, const char *item)
{
  static const gboolean all[N_CORNERS] = { TRUE, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE };
  Box box = read_box (make, item);
  AssayPose pose;
  json_t *posed = solve (make, item, &box, &pose);
  add_label (make, item, "box-pose", "careful-clicks", "pose", NULL, json_pack ("[o]", posed), count_clicked (&box),
             0);
  project_corners (make, &pose, &box, FALSE);
  add_corners (make, item, "careful-clicks", &box, all);
  if (has_item (json_object_get (make->drawn, "fitted"), item))
    {
      project_corners (make, &pose, &box, TRUE);
      add_corners (make, item, "model-fitted", &box, all);
    }
  if (has_item (json_object_get (make->drawn, "coarse_clicks"), item))
    make_coarse_clicks (make, item);
  if (has_item (json_object_get (make->drawn, "lid"), item))
    make_lid_pose (make, item);
}

/* --- speech --- */

enum
{
  SPEECH_RATE_HZ = 16000
};

static void
make_transcripts (Make *make)
{
  gsize i;
  json_t *entry;
  json_array_foreach (json_object_get (make->drawn, "speech"), i, entry)
  {
    gint64 start = 0, end = 0;
    assay_json_get_int (entry, "start", &start);
    assay_json_get_int (entry, "end", &end);
    const char *annotator = assay_json_get_string (entry, "annotator");
    json_t *segment = json_pack ("{s:I, s:I, s:s, s:s}", "start", (json_int_t) start, "end", (json_int_t) end,
                                 "text", assay_json_get_string (entry, "text"), "speaker", "reader");
    add_label (make, assay_json_get_string (entry, "item"), "speech", annotator, "segment", NULL,
               json_pack ("[o]", segment), 0, (double) (end - start) / SPEECH_RATE_HZ);
  }
}

static json_t *
load (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GError) error = NULL;
  json_t *json = assay_json_load (path, &error);
  if (json == NULL)
    g_error ("%s", error->message);
  return json;
}

int
main (int argc, char **argv)
{
  if (argc != 2)
    {
      fprintf (stderr, "make-labels SAMPLE_DIR > labels.json\n");
      return 2;
    }
  Make make = { .directory = argv[1],
                .project = load (argv[1], "project.json"),
                .drawn = load (argv[1], "make/drawn.json") };
  const json_t *camera = json_object_get (make.project, "camera");
  make.camera = (AssayCamera){ .fx = get_number (camera, "fx"),
                               .fy = get_number (camera, "fy"),
                               .cx = get_number (camera, "cx"),
                               .cy = get_number (camera, "cy"),
                               .assumed = TRUE };
  make.out = g_string_new (NULL);
  make_careful_outlines (&make);
  make_coarse_outlines (&make);
  make_grabcut_masks (&make);
  const char *item;
  json_t *clicks;
  json_object_foreach (json_object_get (make.drawn, "clicks"), item, clicks) make_box (&make, item);
  make_transcripts (&make);
  printf ("{\"labels\":[\n%s\n],\"schema\":\"assay.sample/1\"}\n", make.out->str);
  g_string_free (make.out, TRUE);
  json_decref (make.project);
  json_decref (make.drawn);
  return 0;
}
