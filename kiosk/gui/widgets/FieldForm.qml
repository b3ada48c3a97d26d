import QtQuick

// A column of fields that scrolls, so that the one being typed in stays in view.
Flickable {
    id: scroll
    default property alias fields: column.data
    property real above: 0
    property real below: 8
    readonly property Item focusItem: Window.activeFocusItem

    contentHeight: column.implicitHeight + above + below
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    onFocusItemChanged: reveal()
    onHeightChanged: Qt.callLater(scroll.reveal)

    function reveal(): void {
        let field = null;
        let item = scroll.focusItem;
        while (item && item !== column) {
            if (item instanceof Field)
                field = item;
            item = item.parent;
        }
        if (!item || !field)
            return;
        const at = field.mapToItem(scroll.contentItem, 0, 0).y;
        if (at < contentY || at + field.height > contentY + height)
            contentY = Math.max(0, Math.min(at - 6, contentHeight - height));
    }

    Column {
        id: column
        y: scroll.above
        width: scroll.width
        spacing: 10
    }
}
