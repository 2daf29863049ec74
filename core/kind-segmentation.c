/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/json.h"
#include "core/kind.h"
#include "core/region.h"

#include <math.h>

static AssayMask *
read_mask (const json_t *json, GError **error)
{
  static const char *const keys[] = { "size", "counts", NULL };
  double size[2];
  const json_t *counts = json_object_get (json, "counts");
  const char *other = assay_json_find_other_key (json, keys);
  if (other != NULL || !assay_json_to_doubles (json_object_get (json, "size"), size, 2))
    {
      assay_error_bad_data (error, "mask: %s",
                            other != NULL ? "it has other keys than size and counts"
                                          : "size is not [height, width]");
      return NULL;
    }
  for (guint i = 0; i < 2; i++)
    if (!(size[i] >= 0 && size[i] <= G_MAXINT32 && size[i] == floor (size[i])))
      {
        assay_error_bad_data (error, "mask: size [%g, %g] is no size of a picture", size[0], size[1]);
        return NULL;
      }
  if (!json_is_string (counts))
    {
      assay_error_bad_data (error, "mask: counts is not a COCO run-length string");
      return NULL;
    }
  AssayMask *mask = assay_mask_new_from_coco (json_string_value (counts), (guint) size[1], (guint) size[0], error);
  if (mask == NULL)
    g_prefix_error (error, "mask: ");
  return mask;
}

static json_t *
write_mask (const AssayMask *mask)
{
  g_autofree char *counts = assay_mask_to_coco (mask);
  json_t *size = json_array ();
  json_array_append_new (size, json_integer (mask->height_px));
  json_array_append_new (size, json_integer (mask->width_px));
  json_t *json = json_object ();
  json_object_set_new (json, "size", size);
  json_object_set_new (json, "counts", json_string (counts));
  return json;
}

static AssayRing *
read_ring (const json_t *json, GError **error)
{
  static const char *const keys[] = { "hole", "points", NULL };
  const json_t *points = json_object_get (json, "points");
  const json_t *hole = json_object_get (json, "hole");
  if (!json_is_array (points) || json_array_size (points) < 3 || (hole != NULL && !json_is_boolean (hole))
      || assay_json_find_other_key (json, keys) != NULL)
    {
      assay_error_bad_data (error, "this is not {\"hole\": true or false, \"points\": three or more [x, y]}");
      return NULL;
    }
  g_autofree AssayPoint *at = g_new (AssayPoint, json_array_size (points));
  gsize i;
  json_t *point;
  json_array_foreach (points, i, point)
  {
    double xy[2];
    if (!assay_json_to_doubles (point, xy, 2))
      {
        assay_error_bad_data (error, "point %" G_GSIZE_FORMAT " is not [x, y]", i + 1);
        return NULL;
      }
    at[i] = (AssayPoint){ xy[0], xy[1] };
  }
  return assay_ring_new (at, (guint) json_array_size (points), json_is_true (hole));
}

static GPtrArray *
read_rings (const json_t *json, GError **error)
{
  if (!json_is_array (json) || json_array_size (json) == 0)
    {
      assay_error_bad_data (error, "rings: this is no array of rings");
      return NULL;
    }
  g_autoptr (GPtrArray) rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  gsize i;
  json_t *entry;
  json_array_foreach (json, i, entry)
  {
    AssayRing *ring = read_ring (entry, error);
    if (ring == NULL)
      {
        g_prefix_error (error, "rings: ring %" G_GSIZE_FORMAT ": ", i + 1);
        return NULL;
      }
    g_ptr_array_add (rings, ring);
  }
  return g_steal_pointer (&rings);
}

static json_t *
write_rings (const GPtrArray *rings)
{
  json_t *json = json_array ();
  for (guint i = 0; i < rings->len; i++)
    {
      const AssayRing *ring = rings->pdata[i];
      json_t *points = json_array ();
      for (guint k = 0; k < ring->n_points; k++)
        json_array_append_new (points,
                               assay_json_from_doubles ((double[]){ ring->points[k].x, ring->points[k].y }, 2));
      json_t *entry = json_object ();
      json_object_set_new (entry, "hole", json_boolean (ring->hole));
      json_object_set_new (entry, "points", points);
      json_array_append_new (json, entry);
    }
  return json;
}

static gboolean
fits_item (const AssayMask *mask, const AssayItem *item, GError **error)
{
  if (item == NULL || (mask->width_px == item->width_px && mask->height_px == item->height_px))
    return TRUE;
  return assay_error_bad_data (error, "mask: it is %u x %u pixels, the picture is %u x %u; size is [height, width]",
                               mask->width_px, mask->height_px, item->width_px, item->height_px);
}

/* A region from what is there of mask and rings; both are taken or freed. */
static AssayRegion *
join (AssayMask *take_mask, GPtrArray *take_rings, gboolean crowd, const AssayItem *item, GError **error)
{
  g_autoptr (AssayMask) mask = take_mask;
  g_autoptr (GPtrArray) rings = take_rings;
  if (mask == NULL && (item == NULL || (guint64) item->width_px * item->height_px > ASSAY_MASK_MAX_PX))
    {
      assay_error_bad_data (error, "mask: rings alone need the size of their picture");
      return NULL;
    }
  if (mask != NULL && !fits_item (mask, item, error))
    return NULL;
  if (rings != NULL)
    {
      guint width = mask != NULL ? mask->width_px : item->width_px;
      guint height = mask != NULL ? mask->height_px : item->height_px;
      g_autoptr (AssayMask) drawn = assay_mask_new_from_rings (rings, width, height);
      if (mask != NULL && !assay_mask_equal (mask, drawn))
        {
          assay_error_bad_data (error, "rings: they enclose other pixels than the mask; give one of the two");
          return NULL;
        }
      assay_mask_free (g_steal_pointer (&mask));
      mask = g_steal_pointer (&drawn);
    }
  AssayRegion *region = assay_region_new_from_mask (g_steal_pointer (&mask));
  region->rings = g_steal_pointer (&rings);
  region->crowd = crowd;
  return region;
}

/* FALSE with `error` when it is no mask of the region's size. */
static gboolean
read_unsure (const json_t *json, AssayRegion *region, GError **error)
{
  g_autoptr (AssayMask) unsure = json != NULL ? read_mask (json, error) : NULL;
  if (json == NULL)
    return TRUE;
  if (unsure == NULL)
    {
      g_prefix_error (error, "unsure: ");
      return FALSE;
    }
  if (unsure->width_px != region->mask->width_px || unsure->height_px != region->mask->height_px)
    return assay_error_bad_data (error, "unsure: it is %u x %u pixels, the mask is %u x %u", unsure->width_px,
                                 unsure->height_px, region->mask->width_px, region->mask->height_px);
  assay_region_set_unsure (region, g_steal_pointer (&unsure));
  return TRUE;
}

static gpointer
parse (const json_t *object, const AssayTask *task, const AssayItem *item, GError **error)
{
  const json_t *mask_json = json_object_get (object, "mask"), *rings_json = json_object_get (object, "rings");
  const json_t *crowd = json_object_get (object, "crowd");
  gboolean shaped = mask_json != NULL || rings_json != NULL;
  if (!shaped || (crowd != NULL && !json_is_boolean (crowd)))
    {
      assay_error_bad_data (error, shaped ? "crowd: it is neither true nor false"
                                          : "mask: there is neither a mask nor rings");
      return NULL;
    }
  g_autoptr (AssayMask) mask = mask_json != NULL ? read_mask (mask_json, error) : NULL;
  if (mask_json != NULL && mask == NULL)
    return NULL;
  g_autoptr (GPtrArray) rings = rings_json != NULL ? read_rings (rings_json, error) : NULL;
  if (rings_json != NULL && rings == NULL)
    return NULL;
  g_autoptr (AssayRegion) region
      = join (g_steal_pointer (&mask), g_steal_pointer (&rings), json_is_true (crowd), item, error);
  if (region == NULL || !read_unsure (json_object_get (object, "unsure"), region, error))
    return NULL;
  return g_steal_pointer (&region);
}

static void
write_value (gconstpointer value, const AssayTask *task, json_t *object)
{
  const AssayRegion *region = value;
  json_object_set_new (object, "mask", write_mask (region->mask));
  if (region->rings != NULL)
    json_object_set_new (object, "rings", write_rings (region->rings));
  if (region->crowd)
    json_object_set_new (object, "crowd", json_true ());
  if (region->unsure != NULL)
    json_object_set_new (object, "unsure", write_mask (region->unsure));
}

static gboolean
equal_rings (const GPtrArray *a, const GPtrArray *b)
{
  if (a == NULL || b == NULL || a->len != b->len)
    return a == b;
  for (guint i = 0; i < a->len; i++)
    if (!assay_ring_equal (a->pdata[i], b->pdata[i]))
      return FALSE;
  return TRUE;
}

static gboolean
equal (gconstpointer a, gconstpointer b)
{
  const AssayRegion *one = a, *other = b;
  return one->crowd == other->crowd && assay_mask_equal (one->mask, other->mask)
         && equal_rings (one->rings, other->rings) && assay_region_equal_unsure (one, other);
}

static gboolean
validate (gconstpointer value, const AssayTask *task, const AssayItem *item, GError **error)
{
  const AssayRegion *region = value;
  if (!fits_item (region->mask, item, error))
    return FALSE;
  if (region->mask->n_runs > 1)
    return TRUE;
  return assay_error_bad_data (error, "mask: no pixel is inside; draw it again or delete it");
}

static double
similarity (gconstpointer a, gconstpointer b, const AssayTask *task)
{
  return assay_region_iou (a, b);
}

static const AssayMeasureDef measures[] = { { "iou", "IoU", "", TRUE }, { "dice", "Dice", "", TRUE }, { NULL } };

static void
measure (gconstpointer a, gconstpointer b, const AssayTask *task, double *ret_values)
{
  double iou = similarity (a, b, task);
  ret_values[0] = iou;
  ret_values[1] = 2 * iou / (1 + iou); /* Dice is a function of IoU: one walk for both */
}

static char *
summarise (const AssayObject *object, const AssayTask *task)
{
  const AssayRegion *region = object->value;
  const AssayClass *class = assay_task_find_class (task, &object->class_id);
  g_autofree char *unsure = region->unsure != NULL ? g_strdup_printf (", %'" G_GUINT64_FORMAT " px not sure",
                                                                      assay_mask_area_px (region->unsure))
                                                   : g_strdup ("");
  return g_strdup_printf ("%s, %'" G_GUINT64_FORMAT " px%s%s", class != NULL ? class->name : "?",
                          assay_mask_area_px (region->mask), unsure, region->crowd ? ", crowd" : "");
}

static gboolean
bounds (gconstpointer value, AssayRect *ret_box)
{
  const AssayRegion *region = value;
  AssayRect unsure;
  gboolean any = assay_mask_bounds (region->mask, ret_box);
  if (region->unsure == NULL || !assay_mask_bounds (region->unsure, &unsure))
    return any;
  if (!any)
    {
      *ret_box = unsure;
      return TRUE;
    }
  double right = MAX (ret_box->x + ret_box->w, unsure.x + unsure.w);
  double bottom = MAX (ret_box->y + ret_box->h, unsure.y + unsure.h);
  ret_box->x = MIN (ret_box->x, unsure.x);
  ret_box->y = MIN (ret_box->y, unsure.y);
  ret_box->w = right - ret_box->x;
  ret_box->h = bottom - ret_box->y;
  return TRUE;
}

/* Dashed all round. */
static void
mark_unsure (const AssayRegion *region, guint32 colour, AssayMarks *marks)
{
  const GPtrArray *rings = assay_region_get_unsure_rings (region);
  for (guint i = 0; rings != NULL && i < rings->len; i++)
    {
      const AssayRing *ring = rings->pdata[i];
      AssayMark outline = { .kind = ASSAY_MARK_RING,
                            .flags = ASSAY_MARK_DASHED,
                            .colour = colour,
                            .points = ring->points,
                            .n_points = ring->n_points };
      assay_marks_add (marks, &outline);
    }
}

static void
list_marks (const AssayObject *object, const AssayTask *task, AssayMarks *marks)
{
  const AssayRegion *region = object->value;
  guint32 colour = assay_task_class_colour (task, &object->class_id);
  AssayMark tint = { .kind = ASSAY_MARK_MASK, .colour = colour, .mask = region->mask };
  assay_marks_add (marks, &tint);
  for (guint i = 0; region->rings != NULL && i < region->rings->len; i++)
    {
      const AssayRing *ring = region->rings->pdata[i];
      AssayMark outline
          = { .kind = ASSAY_MARK_RING, .colour = colour, .points = ring->points, .n_points = ring->n_points };
      assay_marks_add (marks, &outline);
    }
  mark_unsure (region, colour, marks);
}

/* What the XOR cannot tell: the editable form. */
static json_t *
write_form (const AssayRegion *region)
{
  json_t *form = json_object ();
  if (region->rings != NULL)
    json_object_set_new (form, "rings", write_rings (region->rings));
  json_object_set_new (form, "crowd", json_boolean (region->crowd));
  return form;
}

/* What only one of the two is unsure of. NULL = nothing. */
static AssayMask *
unsure_difference (const AssayRegion *old, const AssayRegion *new)
{
  if (assay_region_equal_unsure (old, new))
    return NULL;
  g_autoptr (AssayMask) empty = assay_mask_new_empty (old->mask->width_px, old->mask->height_px);
  return assay_mask_combine (old->unsure != NULL ? old->unsure : empty, new->unsure != NULL ? new->unsure : empty,
                             ASSAY_MASK_XOR);
}

/* {"xor": mask, "unsure"?: mask, "before"?: {"rings"?, "crowd"}, "after"?: {…}}: masks are what changed; the forms
 * are left out when they are alike. */
static json_t *
diff (gconstpointer before, gconstpointer after)
{
  const AssayRegion *old = before, *new = after;
  g_autoptr (AssayMask) changed = assay_mask_combine (old->mask, new->mask, ASSAY_MASK_XOR);
  if (changed == NULL)
    return NULL;
  json_t *json = json_object ();
  json_object_set_new (json, "xor", write_mask (changed));
  g_autoptr (AssayMask) unsure = unsure_difference (old, new);
  if (unsure != NULL)
    json_object_set_new (json, "unsure", write_mask (unsure));
  if (old->crowd != new->crowd || !equal_rings (old->rings, new->rings))
    {
      json_object_set_new (json, "before", write_form (old));
      json_object_set_new (json, "after", write_form (new));
    }
  return json;
}

/* `region`, which is taken, with what changed in what it is unsure of. */
static gpointer
patch_unsure (AssayRegion *take_region, const AssayRegion *old, const json_t *difference, GError **error)
{
  g_autoptr (AssayRegion) region = take_region;
  const json_t *json = json_object_get (difference, "unsure");
  if (region == NULL)
    return NULL;
  if (json == NULL)
    {
      assay_region_set_unsure (region, old->unsure != NULL ? assay_mask_copy (old->unsure) : NULL);
      return g_steal_pointer (&region);
    }
  assay_region_set_unsure (region, NULL);
  if (!read_unsure (json, region, error))
    return NULL;
  g_autoptr (AssayMask) changed = g_steal_pointer (&region->unsure);
  AssayMask *unsure = changed == NULL       ? NULL
                      : old->unsure == NULL ? assay_mask_copy (changed)
                                            : assay_mask_combine (old->unsure, changed, ASSAY_MASK_XOR);
  assay_region_set_unsure (region, unsure);
  return g_steal_pointer (&region);
}

static gpointer
patch (gconstpointer value, const json_t *difference, gboolean backward, GError **error)
{
  const AssayRegion *old = value;
  g_autoptr (AssayMask) changed = read_mask (json_object_get (difference, "xor"), error);
  if (changed == NULL)
    return NULL;
  g_autoptr (AssayMask) mask = assay_mask_combine (old->mask, changed, ASSAY_MASK_XOR);
  if (mask == NULL)
    {
      assay_error_bad_data (error, "xor: it is of another size than the mask");
      return NULL;
    }
  const json_t *form = json_object_get (difference, backward ? "before" : "after");
  if (form == NULL)
    {
      g_autoptr (AssayRegion) region = assay_region_copy (old);
      assay_mask_free (region->mask);
      region->mask = g_steal_pointer (&mask);
      return patch_unsure (g_steal_pointer (&region), old, difference, error);
    }
  const json_t *rings_json = json_object_get (form, "rings");
  g_autoptr (GPtrArray) rings = rings_json != NULL ? read_rings (rings_json, error) : NULL;
  if (rings_json != NULL && rings == NULL)
    return NULL;
  AssayRegion *region
      = join (g_steal_pointer (&mask), g_steal_pointer (&rings), assay_json_get_bool (form, "crowd"), NULL, error);
  return patch_unsure (region, old, difference, error);
}

static gpointer
copy_value (gconstpointer value)
{
  return assay_region_copy (value);
}

static void
free_value (gpointer value)
{
  assay_region_free (value);
}

const AssayKind assay_kind_segmentation = {
  .id = "segmentation",
  .title = "Segmentation",
  .help = "the exact pixels of each object",
  .media = ASSAY_MEDIA_PICTURE,
  .default_tolerance = 0.8,
  .least_similarity = 0.1,
  .keys = (const char *const[]){ "mask", "rings", "crowd", "unsure", NULL },
  .parse = parse,
  .write = write_value,
  .copy = copy_value,
  .free = free_value,
  .equal = equal,
  .validate = validate,
  .similarity = similarity,
  .measures = measures,
  .measure = measure,
  .summarise = summarise,
  .bounds = bounds,
  .list_marks = list_marks,
  .diff = diff,
  .patch = patch,
};
