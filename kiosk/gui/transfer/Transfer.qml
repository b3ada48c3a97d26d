pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// Bring a catalogue in, take it out, keep a backup.
Item {
    id: page
    property bool portrait: false

    Flickable {
        id: scroll
        anchors.fill: parent
        contentHeight: content.implicitHeight + 84 + (result.visible ? result.implicitHeight : 0)
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        Grid {
            id: content
            x: 28
            y: 28
            width: page.width - 56
            columns: page.portrait ? 1 : 2
            spacing: 28
            readonly property real cell: page.portrait ? width : (width - 28) / 2

            Column {
                width: content.cell
                spacing: 14
                Label { text: qsTr("Import"); font.pixelSize: 28; font.weight: Font.Bold }
                Label {
                    width: parent.width
                    wrapMode: Text.Wrap
                    color: Theme.mute
                    font.pixelSize: 19
                    text: qsTr("Put products.csv, and photos.csv for the pictures, on a USB stick or into the shop's transfer folder. What is there already is updated; nothing doubles.")
                }
                Repeater {
                    model: Kiosk.transfer.sources
                    Rectangle {
                        id: source
                        required property string name
                        required property bool withPhotos
                        required property int index
                        width: content.cell
                        height: 84
                        radius: 20
                        color: Theme.white
                        border.width: 2
                        border.color: Theme.line
                        Icon { id: sign; anchors { left: parent.left; leftMargin: 20; verticalCenter: parent.verticalCenter } name: "box"; size: 32 }
                        Column {
                            anchors { left: sign.right; leftMargin: 16; right: go.left; rightMargin: 12; verticalCenter: parent.verticalCenter }
                            Label { width: parent.width; text: source.name; font.weight: Font.Medium; elide: Text.ElideMiddle }
                            Label { width: parent.width; text: source.withPhotos ? qsTr("Products and photos") : qsTr("Products only"); color: Theme.mute; font.pixelSize: 17 }
                        }
                        ActionButton {
                            id: go
                            objectName: "import-" + source.index
                            anchors { right: parent.right; rightMargin: 10; verticalCenter: parent.verticalCenter }
                            kind: "primary"
                            enabled: !Kiosk.transfer.busy
                            text: qsTr("Import")
                            onClicked: Kiosk.transfer.load(source.index)
                        }
                    }
                }
                Notice {
                    width: parent.width
                    tone: "plain"
                    icon: "info"
                    visible: Kiosk.transfer.sources.count === 0
                    text: qsTr("No products.csv found yet.")
                }
                ActionButton {
                    icon: "refresh"
                    text: qsTr("Look again")
                    enabled: !Kiosk.transfer.busy
                    onClicked: Kiosk.transfer.refresh()
                }
            }

            Column {
                width: content.cell
                spacing: 14
                Label { text: qsTr("Export and backup"); font.pixelSize: 28; font.weight: Font.Bold }
                Label {
                    width: parent.width
                    wrapMode: Text.Wrap
                    color: Theme.mute
                    font.pixelSize: 19
                    text: qsTr("An export is tables and pictures that any program reads, and that Import takes back. A backup is one file with everything.")
                }
                Repeater {
                    model: Kiosk.transfer.places
                    Pressable {
                        id: place
                        required property string name
                        required property bool isShop
                        required property real freeGb
                        required property int index
                        readonly property bool on: index === Kiosk.transfer.chosen
                        width: content.cell
                        height: 72
                        radius: 20
                        color: on ? Theme.leafPale : Theme.white
                        frame: 2
                        frameColor: on ? Theme.leaf : Theme.line
                        label: words.text
                        onClicked: Kiosk.transfer.choosePlace(place.index)
                        Icon { id: drive; anchors { left: parent.left; leftMargin: 20; verticalCenter: parent.verticalCenter } name: "disk"; size: 30; color: place.on ? Theme.leafDark : Theme.ink }
                        Label {
                            id: words
                            anchors { left: drive.right; leftMargin: 16; right: free.left; rightMargin: 12; verticalCenter: parent.verticalCenter }
                            text: place.isShop ? qsTr("The shop's transfer folder") : place.name
                            font.weight: Font.Medium
                        }
                        Label {
                            id: free
                            anchors { right: parent.right; rightMargin: 20; verticalCenter: parent.verticalCenter }
                            text: qsTr("%1 GB free").arg(place.freeGb)
                            color: Theme.mute
                            font.pixelSize: 17
                        }
                    }
                }
                Row {
                    width: parent.width
                    spacing: 14
                    ActionButton { objectName: "export"; width: (parent.width - 14) / 2; icon: "upload"; enabled: !Kiosk.transfer.busy && Kiosk.transfer.places.count > 0; text: qsTr("Export"); onClicked: Kiosk.transfer.exportAll() }
                    ActionButton { objectName: "backup"; width: (parent.width - 14) / 2; icon: "archive"; enabled: !Kiosk.transfer.busy && Kiosk.transfer.places.count > 0; text: qsTr("Back up"); onClicked: Kiosk.transfer.backUp() }
                }
            }
        }
        Column {
            id: result
            x: 28
            y: content.y + content.implicitHeight + 24
            width: content.width
            spacing: 12
            visible: Kiosk.transfer.busy || !!Kiosk.transfer.imported || Kiosk.transfer.written !== "" || Kiosk.transfer.fault !== ""
            Label {
                visible: Kiosk.transfer.busy
                text: ({ "import": qsTr("Importing…"), "export": qsTr("Exporting…"), "backup": qsTr("Backing up…"), "": "" })[Kiosk.transfer.doing]
                font.weight: Font.DemiBold
            }
            Rectangle {
                visible: Kiosk.transfer.busy
                width: parent.width
                height: 14
                radius: 7
                color: Theme.line
                Rectangle {
                    width: Math.max(14, parent.width * Kiosk.transfer.progress)
                    height: 14
                    radius: 7
                    color: Theme.leaf
                }
            }
            Notice {
                objectName: "importResult"
                width: parent.width
                tone: "sure"
                icon: "check"
                text: Kiosk.transfer.imported ? qsTr("%1 new, %2 changed, %3 as before; %4 photos.").arg(Kiosk.transfer.imported.added).arg(Kiosk.transfer.imported.updated).arg(Kiosk.transfer.imported.unchanged).arg(Kiosk.transfer.imported.photos) : ""
            }
            Notice {
                width: parent.width
                tone: "sure"
                icon: "check"
                text: Kiosk.transfer.written !== "" ? qsTr("Written: %1").arg(Kiosk.transfer.written) : ""
            }
            Notice {
                width: parent.width
                icon: "warning"
                text: Kiosk.transfer.imported && Kiosk.transfer.imported.problems.length ? qsTr("Left out:") + "\n" + Kiosk.transfer.imported.problems.join("\n") + (Kiosk.transfer.imported.moreProblems > 0 ? "\n" + qsTr("and %1 more").arg(Kiosk.transfer.imported.moreProblems) : "") : ""
            }
            Notice {
                width: parent.width
                tone: "bad"
                icon: "warning"
                text: Kiosk.transfer.fault
            }
        }
    }
    ScrollMark { flick: scroll }
}
